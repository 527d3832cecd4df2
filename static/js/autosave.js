// Keeps what is being written on this device for a day, offers it back when the form is empty, and
// erases it on request. The server keeps it only once a button is pressed.
const form = document.querySelector("[data-autosave]");
const place = form?.dataset.autosave;
const day = 24 * 3600 * 1000;
const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(place));
    return kept && Date.now() - kept.at < day ? kept : null;
  } catch {
    return null;
  }
};
const forget = () => localStorage.removeItem(place);

function points() {
  return [...form.querySelectorAll("textarea")].map((area) => {
    const named = (name) => form.elements[area.name.replace("text", name)];
    return { article: named("article").value, stance: named("stance").value, text: area.value };
  });
}

function keep() {
  const said = points();
  if (!said.some((point) => point.text.trim())) return;
  const written = { form_key: form.elements.form_key.value, points: said, about: {} };
  try {
    localStorage.setItem(place, JSON.stringify({ at: Date.now(), written }));
  } catch {
    // No room or not allowed: the text is still in the page.
  }
}

if (form) {
  const kept = read();
  const box = form.querySelector("[data-restore]");
  if (!kept) forget();
  else if (!points().some((point) => point.text)) {
    box.querySelector("[name=restore]").value = JSON.stringify(kept.written);
    box.hidden = false;
  }
  form.addEventListener("input", keep);
  box.querySelector("[data-forget]").addEventListener("click", () => {
    forget();
    box.hidden = true;
  });
}
const erase = document.querySelector("[data-erase]");
erase?.addEventListener("submit", () => localStorage.removeItem(erase.dataset.erase));
const sent = document.querySelector("[data-sent]");
if (sent) localStorage.removeItem(sent.dataset.sent);
