// Shows what needs a passkey where the browser knows them, and says so when one was not used.
if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-needs-key]")) button.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const notice = document.querySelector("[data-key-failed]");
  if (notice) notice.hidden = false;
});
