// Changes type size, contrast and theme in place, so that a half-written form is not lost by the
// reload that the plain buttons would cause. The language button still reloads.
const form = document.querySelector("[data-prefs]");

function keep(name, value) {
  const body = new URLSearchParams({ [name]: value });
  return fetch(form.action, { method: "POST", body, redirect: "manual" });
}

function show(name, value) {
  document.documentElement.dataset[name] = value;
  if (name !== "mode") return;
  for (const button of form.querySelectorAll("[data-mode]")) {
    const pressed = button.dataset.mode === value;
    button.setAttribute("aria-pressed", String(pressed));
    button.value = pressed ? "standard" : button.dataset.mode;
  }
}

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.name === "lang") return;
  event.preventDefault();
  const { name, value } = button;
  show(name, value);
  keep(name, value);
});
