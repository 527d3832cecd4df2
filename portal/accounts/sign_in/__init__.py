"""Where staff prove who they are, by password, passkey, second factor or the city's sign-on.

Whatever is specific to django-allauth stands in here; the rest of the portal sees a `User`.
"""
