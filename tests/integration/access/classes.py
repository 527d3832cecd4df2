"""Who may open which address: the table that the matrix of `test_matrix.py` is held against.

Every address of the resolver stands in exactly one class, by its name with namespaces. Whoever
adds an address adds its name here; the run fails with the name until then. A class is a row of
eight letters, one for each person, in this order:

    a visitor | staff without a role | drafting unit's editor | opinion clerk |
    legality reviewer | secrecy reviewer | publisher | superuser

    S  is shown it                       R  is refused, or sent to the administration's front page
    L  is sent to sign in                H  is told that there is nothing (404)
    E  is sent on to another page        M  is told that it is not asked for by GET
    N  is told that nothing of the kind is going on (400, 409, 410)
    X  gets the error that the address is there to make

Where it depends on the object there are three rows: for a draft, a private and a public one. All
this is said of an object of one's own unit. Of another unit's object the editor and the clerk
are told that there is nothing; the others do not work for one unit.
"""

from dataclasses import dataclass
from http import HTTPStatus

from tests.integration.access.world import ANONYMOUS, OF_A_UNIT, OTHER, PEOPLE, STATES

LETTERS = {
    HTTPStatus.OK: "S",
    HTTPStatus.NO_CONTENT: "S",
    HTTPStatus.FORBIDDEN: "R",
    HTTPStatus.NOT_FOUND: "H",
    HTTPStatus.METHOD_NOT_ALLOWED: "M",
    HTTPStatus.BAD_REQUEST: "N",
    HTTPStatus.CONFLICT: "N",
    HTTPStatus.GONE: "N",
    HTTPStatus.INTERNAL_SERVER_ERROR: "X",
}


@dataclass(frozen=True)
class Class:
    """What an address answers to whom.

    Attributes:
        rows: one row of letters, or one for each state.
        is_scoped: whether another unit's object is not there for those who work for one unit;
            otherwise they get the same answer as for their own. Unless said it is so in the
            administration.

    """

    rows: str | tuple[str, str, str]
    is_scoped: bool | None = None

    def expected(self, person: str, unit: str, state: str) -> str:
        """Return the letter for somebody and an object of a unit in a state."""
        row = self.rows if isinstance(self.rows, str) else self.rows[STATES.index(state)]
        is_scoped = row.startswith("LL") if self.is_scoped is None else self.is_scoped
        is_public = row[PEOPLE.index(ANONYMOUS)] == "S"
        if is_scoped and not is_public and unit == OTHER and person in OF_A_UNIT:
            return "H"
        return row[PEOPLE.index(person)]


# fmt: off
CLASSES: dict[Class, str] = {
    Class("SSSSSSSS"): """
        account_inactive api:get_catalogue api:get_matter api:list_catalogues
        api:list_consultations api:list_decisions api:list_matters api:openapi-json api:search
        feeds:closing-soon feeds:consultations feeds:results healthz interface
        open_data:years opinions:status readyz robots sitemap subscriptions:new
        subscriptions:sent
        wagtailadmin_javascript_catalog wagtailadmin_sprite wagtailcore_authenticate_with_password
        wagtailcore_login wagtaildocs_authenticate_with_password
    """,
    Class("SRRRRRRR"): """
        account_login
    """,
    Class("HHHHHHHH"): """
        <media/images/<path:path>> account_signup api:api-root api:get_decision captcha-refresh
        open_data:year opinions:act opinions:confirm
        opinions:mine opinions:my_file opinions:my_receipt_paper page_data subscriptions:confirm
        subscriptions:stop wagtailadmin_password_reset wagtailadmin_password_reset_complete
        wagtailadmin_password_reset_confirm wagtailadmin_password_reset_done
    """,
    Class("NNNNNNNN"): """
        captcha-audio captcha-image captcha-image-2x
    """,
    Class("MMMMMMMM"): """
        opinions:erase opinions:resend preferences
    """,
    Class("EEEEEEEE"): """
        opinions:receipt_paper opinions:received
    """,
    Class("LSSSSSSS"): """
        account_logout account_reauthenticate mfa_index mfa_list_webauthn
    """,
    Class("LEEEEEEE"): """
        mfa_activate_totp mfa_add_webauthn mfa_edit_webauthn mfa_generate_recovery_codes
        mfa_reauthenticate mfa_reauthenticate_webauthn mfa_remove_webauthn
    """,
    Class("LELLLLLL"): """
        wagtailadmin_login
    """,
    Class("LHHHHHHH"): """
        mfa_deactivate_totp mfa_download_recovery_codes mfa_view_recovery_codes
    """,
    Class("LRRRRRRR"): """
        mfa_authenticate mfa_login_webauthn
    """,
    Class("LLSSSSSS"): """
        <admin/test404/> archives_package changes import_draft wagtail_bulk_action
        wagtailadmin_account
        wagtailadmin_api:documents:listing wagtailadmin_api:images:detail
        wagtailadmin_api:images:listing wagtailadmin_api:pages:detail
        wagtailadmin_api:pages:listing wagtailadmin_choose_page
        wagtailadmin_choose_page_anchor_link wagtailadmin_choose_page_child
        wagtailadmin_choose_page_chosen_multiple wagtailadmin_choose_page_email_link
        wagtailadmin_choose_page_external_link wagtailadmin_choose_page_phone_link
        wagtailadmin_choose_page_search wagtailadmin_dismissibles wagtailadmin_explore
        wagtailadmin_explore_results wagtailadmin_home wagtailadmin_pages:choose_parent
        wagtailadmin_pages:confirm_workflow_cancellation wagtailadmin_pages:copy
        wagtailadmin_pages:edit wagtailadmin_pages:history wagtailadmin_pages:history_results
        wagtailadmin_pages:preview_on_edit wagtailadmin_pages:revisions_compare
        wagtailadmin_pages:revisions_revert wagtailadmin_pages:revisions_view
        wagtailadmin_pages:search wagtailadmin_pages:search_results wagtailadmin_pages:type_use
        wagtailadmin_pages:type_use_results wagtailadmin_pages:usage wagtailadmin_pages:view_draft
        wagtailadmin_pages:workflow_history wagtailadmin_reports:aging_pages
        wagtailadmin_reports:aging_pages_results wagtailadmin_reports:workflow
        wagtailadmin_reports:workflow_results wagtailadmin_reports:workflow_tasks
        wagtailadmin_reports:workflow_tasks_results wagtailadmin_tag_autocomplete
        wagtailadmin_tag_model_autocomplete wagtailadmin_workflows:task_chooser
        wagtailadmin_workflows:task_chooser_create wagtailadmin_workflows:task_chooser_results
        wagtailadmin_workflows:task_chosen wagtaildocs:add wagtaildocs:add_multiple
        wagtaildocs:index wagtaildocs:index_results wagtaildocs_chooser:choose
        wagtaildocs_chooser:choose_results wagtaildocs_chooser:chosen
        wagtaildocs_chooser:chosen_multiple wagtaildocs_chooser:create wagtailembeds:chooser
        wagtailembeds:chooser_upload wagtailimages_chooser:choose
        wagtailimages_chooser:choose_results wagtailimages_chooser:chosen_multiple
        wagtailsnippetchoosers_accounts_unit:choose
        wagtailsnippetchoosers_accounts_unit:choose_results
        wagtailsnippetchoosers_accounts_unit:chosen
        wagtailsnippetchoosers_accounts_unit:chosen_multiple
        wagtailsnippetchoosers_consultations_decisioncategory:choose
        wagtailsnippetchoosers_consultations_decisioncategory:choose_results
        wagtailsnippetchoosers_consultations_decisioncategory:chosen
        wagtailsnippetchoosers_consultations_decisioncategory:chosen_multiple
        wagtailsnippetchoosers_core_workcalendarday:choose
        wagtailsnippetchoosers_core_workcalendarday:choose_results
        wagtailsnippetchoosers_core_workcalendarday:chosen
        wagtailsnippetchoosers_core_workcalendarday:chosen_multiple
    """,
    Class("LLSSSRSS"): """
        compliance_report deadlines_report figures_report
    """,
    Class("LLEESSSS"): """
        wagtailadmin_explore_root
    """,
    Class("LLHHSSSS"): """
        wagtailadmin_reports:page_types_usage wagtailadmin_reports:page_types_usage_results
        wagtailadmin_reports:site_history wagtailadmin_reports:site_history_results
    """,
    Class("LLSRRSSS"): """
        trace_report
    """,
    Class("LLSRSRSS"): """
        wagtailsnippets_consultations_hearing:edit wagtailsnippets_consultations_hearing:history
        wagtailsnippets_consultations_hearing:history_results
        wagtailsnippets_consultations_hearing:list
        wagtailsnippets_consultations_hearing:list_results
        wagtailsnippets_decisions_cleanupentry:edit
        wagtailsnippets_decisions_cleanupentry:history
        wagtailsnippets_decisions_cleanupentry:history_results
        wagtailsnippets_decisions_cleanupentry:list
        wagtailsnippets_decisions_cleanupentry:list_results
        wagtailsnippets_decisions_cleanupentry:usage
        wagtailsnippets_decisions_suspension:history
        wagtailsnippets_decisions_suspension:history_results
        wagtailsnippets_decisions_suspension:list wagtailsnippets_decisions_suspension:list_results
    """,
    Class("LLSSRRSS"): """
        wagtailsnippets_consultations_issue:desk wagtailsnippets_consultations_issue:desks
        wagtailsnippets_consultations_issue:history
        wagtailsnippets_consultations_issue:history_results
        wagtailsnippets_consultations_issue:list wagtailsnippets_consultations_issue:list_results
        wagtailsnippets_consultations_issue:matrix wagtailsnippets_consultations_opinion:export
        wagtailsnippets_consultations_opinion:file wagtailsnippets_consultations_opinion:history
        wagtailsnippets_consultations_opinion:history_results
        wagtailsnippets_consultations_opinion:inspect wagtailsnippets_consultations_opinion:list
        wagtailsnippets_consultations_opinion:list_results
    """,
    Class("LLRRSRSS"): """
        wagtailsnippets_decisions_review:add wagtailsnippets_decisions_review:edit
        wagtailsnippets_decisions_review:history wagtailsnippets_decisions_review:history_results
        wagtailsnippets_decisions_review:list wagtailsnippets_decisions_review:list_results
        wagtailsnippets_decisions_review:usage
    """,
    Class("LLSRRRSS"): """
        adjustment_request adjustment_requests overdue_matters wagtailadmin_pages:add
        wagtailadmin_pages:add_subpage wagtailadmin_pages:preview_on_add
        wagtailsnippets_consultations_hearing:add wagtailsnippets_consultations_hearing:cancel
        wagtailsnippets_consultations_hearing:change wagtailsnippets_consultations_hearing:materials
        wagtailsnippets_consultations_hearing:usage wagtailimages:add wagtailimages:add_multiple
        wagtailimages:index wagtailimages:index_results wagtailimages_chooser:chosen
        wagtailimages_chooser:create wagtailimages_chooser:select_format
    """,
    Class("LLSSRRRS"): """
        wagtailsnippets_consultations_issue:cut_point wagtailsnippets_consultations_issue:drafts
        wagtailsnippets_consultations_issue:edit wagtailsnippets_consultations_issue:give
        wagtailsnippets_consultations_issue:join_point wagtailsnippets_consultations_issue:merge
        wagtailsnippets_consultations_issue:review wagtailsnippets_consultations_issue:usage
        wagtailsnippets_consultations_reasontemplate:list
        wagtailsnippets_consultations_reasontemplate:list_results
    """,
    Class("LLRRRRSS"): """
        wagtailsnippets_decisions_cleanupentry:add wagtailsnippets_decisions_suspension:add
        wagtailsnippets_decisions_suspension:edit wagtailsnippets_decisions_suspension:usage
        adjust_catalogue archive_copies_report catalogue_table catalogue_template import_catalogue
        outbox_report past_imports past_template
        outbox_report_results wagtailadmin_pages:revisions_unschedule
        wagtailadmin_pages:set_privacy wagtailsettings:edit
        wagtailsnippetchoosers_core_workcalendarday:create wagtailsnippets:index
        wagtailsnippets_consultations_hearing:announce
        wagtailsnippets_consultations_hearing:participants
        wagtailsnippets_consultations_hearing:result wagtailsnippets_core_workcalendarday:add
        wagtailsnippets_core_workcalendarday:copy wagtailsnippets_core_workcalendarday:delete
        wagtailsnippets_core_workcalendarday:edit wagtailsnippets_core_workcalendarday:history
        wagtailsnippets_core_workcalendarday:history_results
        wagtailsnippets_core_workcalendarday:list
        wagtailsnippets_core_workcalendarday:list_results
        wagtailsnippets_core_workcalendarday:usage
        wagtailsnippets_decisions_synonymgroup:add wagtailsnippets_decisions_synonymgroup:delete
        wagtailsnippets_decisions_synonymgroup:edit wagtailsnippets_decisions_synonymgroup:history
        wagtailsnippets_decisions_synonymgroup:history_results
        wagtailsnippets_decisions_synonymgroup:list
        wagtailsnippets_decisions_synonymgroup:list_results
        wagtailsnippets_decisions_synonymgroup:usage
        wagtailsnippets_decisions_collectivediscussion:add
        wagtailsnippets_decisions_collectivediscussion:history
        wagtailsnippets_decisions_collectivediscussion:history_results
        wagtailsnippets_decisions_collectivediscussion:list
        wagtailsnippets_decisions_collectivediscussion:list_results
    """,
    Class("LLRRRRSS", is_scoped=False): """
        publish_with_reasons
    """,
    Class("LLRSRRRS"): """
        triage wagtailsnippets_consultations_issue:add wagtailsnippets_consultations_issue:add_for
        wagtailsnippets_consultations_issue:split wagtailsnippets_consultations_opinion:enter
        wagtailsnippets_consultations_opinion:enter_for
        wagtailsnippets_consultations_opinion:publish wagtailsnippets_consultations_opinion:redact
        wagtailsnippets_consultations_opinion:table
        wagtailsnippets_consultations_opinion:table_receipts
        wagtailsnippets_consultations_opinion:table_template
        wagtailsnippets_consultations_opinion:transcripts
        wagtailsnippets_consultations_opinion:withhold
        wagtailsnippets_consultations_reasontemplate:add
        wagtailsnippets_consultations_reasontemplate:delete
        wagtailsnippets_consultations_reasontemplate:edit
        wagtailsnippets_consultations_reasontemplate:history
        wagtailsnippets_consultations_reasontemplate:history_results
        wagtailsnippets_consultations_reasontemplate:usage
    """,
    Class("LLRSRRRS", is_scoped=False): """
        triage_many
    """,
    Class("LLSRRRRS"): """
        request_adjustment
    """,
    Class("LLRRRRRS"): """
        wagtailadmin_collections:add wagtailadmin_collections:index
        wagtailadmin_collections:set_privacy wagtailadmin_reports:locked_pages
        wagtailadmin_reports:locked_pages_results wagtailadmin_workflows:index
        wagtailadmin_workflows:index_results wagtailadmin_workflows:task_index
        wagtailadmin_workflows:task_index_results wagtailadmin_workflows:usage
        wagtailadmin_workflows:usage_results wagtaildocs:delete wagtaildocs:document_usage
        wagtaildocs:edit wagtailimages:delete wagtailimages:edit wagtailimages:image_usage
        wagtailimages:preview wagtailredirects:add wagtailredirects:delete wagtailredirects:edit
        wagtailredirects:index wagtailredirects:index_results wagtailredirects:start_import
        wagtailsites:add wagtailsites:copy wagtailsites:delete wagtailsites:edit
        wagtailsites:history wagtailsites:history_results wagtailsites:index
        wagtailsites:index_results wagtailsites:usage wagtailsnippetchoosers_accounts_unit:create
        wagtailsnippetchoosers_consultations_decisioncategory:create
        wagtailsnippets_accounts_unit:add wagtailsnippets_accounts_unit:copy
        wagtailsnippets_accounts_unit:delete wagtailsnippets_accounts_unit:edit
        wagtailsnippets_accounts_unit:history wagtailsnippets_accounts_unit:history_results
        wagtailsnippets_accounts_unit:list wagtailsnippets_accounts_unit:list_results
        wagtailsnippets_accounts_unit:usage wagtailsnippets_consultations_decisioncategory:add
        wagtailsnippets_consultations_decisioncategory:copy
        wagtailsnippets_consultations_decisioncategory:delete
        wagtailsnippets_consultations_decisioncategory:edit
        wagtailsnippets_consultations_decisioncategory:history
        wagtailsnippets_consultations_decisioncategory:history_results
        wagtailsnippets_consultations_decisioncategory:list
        wagtailsnippets_consultations_decisioncategory:list_results
        wagtailsnippets_consultations_decisioncategory:usage wagtailusers_groups:add
        wagtailusers_groups:delete wagtailusers_groups:edit wagtailusers_groups:history
        wagtailusers_groups:history_results wagtailusers_groups:index
        wagtailusers_groups:index_results wagtailusers_groups:usage wagtailusers_users:add
        wagtailusers_users:copy wagtailusers_users:delete wagtailusers_users:edit
        wagtailusers_users:history wagtailusers_users:history_results wagtailusers_users:index
        wagtailusers_users:index_results wagtailusers_users:usage
    """,
    Class("LLEEEEEE"): """
        latest_catalogue_table preview_catalogue preview_draft release_review
        wagtailadmin_pages:revisions_index wagtailsnippets_consultations_opinion:table_look
    """,
    Class("LLHHHHHH"): """
        <admin/^.*/$> outbox_retry wagtailadmin_api:documents:find wagtailadmin_api:images:find
        wagtailadmin_api:pages:find wagtailadmin_block_preview wagtailadmin_collections:delete
        wagtailadmin_pages:convert_alias wagtailsnippets_consultations_opinion:transcript
    """,
    Class("LLMMMMMM"): """
        wagtailadmin_editing_sessions:ping wagtailadmin_editing_sessions:release
        wagtailadmin_logout wagtailadmin_pages:lock wagtailadmin_pages:set_page_position
        wagtailadmin_pages:unlock wagtailadmin_workflows:enable wagtailadmin_workflows:enable_task
        wagtailadmin_workflows:remove wagtaildocs:create_multiple_from_uploaded_document
        wagtaildocs:delete_multiple wagtaildocs:delete_upload_multiple wagtaildocs:edit_multiple
        wagtailimages:create_multiple_from_uploaded_image wagtailimages:delete_multiple
        wagtailimages:delete_upload_multiple wagtailimages:edit_multiple
    """,
    Class("LLMMMMMM", is_scoped=False): """
        wagtailadmin_api:pages:action
    """,
    Class("LLRERRRE"): """
        wagtailsnippets_consultations_opinion:look
    """,
    Class("LLRERRRE", is_scoped=False): """
        triage_assign triage_look triage_publish triage_redact triage_withhold
    """,
    Class("LLRHRRRH", is_scoped=False): """
        wagtailsnippets_consultations_opinion:receipt wagtailsnippets_consultations_opinion:scan
    """,
    Class("LLRRRREE"): """
        wagtailsettings:edit_default
    """,
    Class("LLRRRRHH"): """
        wagtailsettings:preview_on_edit
    """,
    Class("LLRRRRRH"): """
        wagtailadmin_collections:edit
    """,
    # The import of a publisher: who works for one unit is told that there is none.
    Class("LLHHRRSS"): """
        past_import past_import_discard
    """,
    Class("LLHRRRHH"): """
        wagtailimages:url_generator wagtailimages:url_generator_output
    """,
    Class("LLRRRRRM"): """
        wagtailredirects:process_import
    """,
    Class("LLRRRRRR"): """
        wagtailadmin_workflows:add wagtailadmin_workflows:add_task wagtailadmin_workflows:disable
        wagtailadmin_workflows:disable_task wagtailadmin_workflows:edit
        wagtailadmin_workflows:edit_task wagtailadmin_workflows:select_task_type
        wagtailsnippets_consultations_hearing:delete wagtailsnippets_consultations_issue:delete
        wagtailsnippets_consultations_opinion:add wagtailsnippets_consultations_opinion:delete
        wagtailsnippets_consultations_opinion:edit wagtailsnippets_consultations_opinion:usage
        wagtailsnippets_decisions_collectivediscussion:delete
        wagtailsnippets_decisions_collectivediscussion:edit
        wagtailsnippets_decisions_collectivediscussion:usage
        wagtailsnippets_decisions_cleanupentry:delete wagtailsnippets_decisions_review:delete
        wagtailsnippets_decisions_suspension:delete
    """,
    Class("LLXXXXXX"): """
        wagtailadmin_error_test
    """,
    Class(("HHSSSSSS", "HHSSSSSS", "SSSSSSSS"), is_scoped=True): """
        wagtaildocs_serve
    """,
    Class(("HHHHHHHH", "HHHHHHHH", "SSSSSSSS")): """
        api:get_consultation api:list_issues api:list_opinions calendar opinions:write
    """,
    Class(("HHHHHHHH", "SSSSSSSS", "SSSSSSSS")): """
        wagtail_serve
    """,
    Class(("NNNNNNNN", "HHHHHHHH", "EEEEEEEE")): """
        opinions:about opinions:check
    """,
    Class(("LLSSSSSS", "LLEEEEEE", "LLEEEEEE")): """
        wagtailadmin_pages:move_confirm
    """,
    Class(("LLSSSSSS", "LLHHHHHH", "LLHHHHHH")): """
        wagtailadmin_pages:workflow_history_detail
    """,
    Class(("LLSSSSSS", "LLHHHHHH", "LLSSSSSS")): """
        wagtailadmin_api:documents:detail
    """,
    Class(("LLSSSSSS", "LLRRRREE", "LLRRRREE")): """
        wagtailadmin_pages:delete
    """,
    Class(("LLSSSSSS", "LLRRRRSS", "LLRRRRSS")): """
        wagtailadmin_pages:move
    """,
    Class(("LLRRRSRS", "LLEEEEEE", "LLEEEEEE")): """
        wagtailadmin_pages:collect_workflow_action_data wagtailadmin_pages:workflow_action
    """,
    Class(("LLRRRSRS", "LLRRRRRR", "LLRRRRRR")): """
        wagtailadmin_pages:workflow_preview
    """,
    Class(("LLRRRRRR", "LLRRRRSS", "LLRRRRSS")): """
        wagtailadmin_pages:unpublish
    """,
}
# fmt: on

_CLASS_OF = {name: kind for kind, names in CLASSES.items() for name in names.split()}


def class_of(name: str) -> Class:
    """Return the class of an address."""
    return _CLASS_OF[name]
