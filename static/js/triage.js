// The queue without page changes: links and forms are fetched and the part that changes is put in
// place; keys for those who read hundreds. Without this module all of it are links and forms.
const root = document.querySelector("[data-triage]");
const says = document.querySelector("[data-triage-says]");
const typing = "input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select, [contenteditable]";
let turn = 0;

async function load(url, options = {}, push = true) {
  const mine = ++turn;
  const desk = root.firstElementChild;
  desk.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(url, {
      ...options,
      credentials: "same-origin",
      headers: { "X-Fragment": "triage" },
    });
    if (!answer.ok) throw new Error(answer.status);
  } catch {
    // What cannot be fetched is asked for as a page, which says what is wrong.
    if (options.method !== "POST") location.assign(url);
    else location.reload();
    return;
  }
  const html = await answer.text();
  if (mine !== turn) return;
  const made = new DOMParser().parseFromString(html, "text/html").querySelector("[data-triage-desk]");
  if (!made) {
    location.assign(answer.url);
    return;
  }
  root.replaceChildren(made);
  // An act that was refused answers at its own address, which is no place to come back to.
  if (push && (options.method !== "POST" || answer.redirected)) history.pushState({}, "", answer.url);
  ready();
  const wrong = root.querySelector("[data-triage-wrong], .errorlist, .error-message");
  says.textContent = [made.dataset.done, made.dataset.said].join(" ");
  if (wrong) {
    wrong.tabIndex = -1;
    wrong.focus();
  } else root.querySelector("[data-triage-opinion]")?.focus();
}

function press(key) {
  const one = root.querySelector(`[data-key="${key}"]`);
  if (!one) return false;
  if (one.matches("a")) one.click();
  else if (one.matches("form")) one.requestSubmit();
  else {
    one.open = true;
    const form = one.querySelector("form");
    const first = key === "r" ? form.querySelector("input[type=text]") : form.querySelector("input[type=radio], select");
    first?.focus();
  }
  return true;
}

// Characters as the server counts them: an emoji is one.
const length = (text) => Array.from(text).length;

function chosen(text) {
  const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
  if (!range || range.collapsed || !text.contains(range.commonAncestorContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const start = length(before.toString());
  return { start, end: start + length(range.toString()), words: range.toString() };
}

function ready() {
  const text = root.querySelector("[data-triage-text]");
  const pick = root.querySelector("[data-triage-pick]");
  if (!text || !pick) return;
  pick.hidden = false;
  const form = pick.closest("form");
  const button = pick.querySelector("button");
  // A press of the button would move the focus and lose what is selected.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const one = chosen(text);
    if (!one) return;
    const reason = form.querySelector("select");
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = "passages";
    box.checked = true;
    box.value = `${one.start}-${one.end}-${reason.value}`;
    label.append(box, ` ${one.words}（${reason.selectedOptions[0].text}）`);
    form.querySelector("[data-triage-passages]").append(label);
    says.textContent = label.textContent.trim();
  });
}

if (root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-triage-link]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    load(link.href);
  });
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-triage-form]");
    if (!form) return;
    event.preventDefault();
    load(form.action, { method: "POST", body: new FormData(form, event.submitter) });
  });
  addEventListener("popstate", () => load(location.href, {}, false));
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.(typing) || document.querySelector("dialog[open]")) return;
    if (root.firstElementChild.getAttribute("aria-busy") === "true") return;
    if (event.key === "?") {
      const keys = root.querySelector("[data-triage-keys]");
      keys.open = !keys.open;
      keys.querySelector("summary").focus();
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (/^[jkprwai]$/i.test(event.key) && press(event.key.toLowerCase())) event.preventDefault();
  }, true);
  ready();
}
