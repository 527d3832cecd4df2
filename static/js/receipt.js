// Copies the receipt number and prints the page. Without this script the buttons stay hidden, and
// the number can be written down and the page printed by the browser's own menu.
const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const copy = document.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  const said = document.querySelector("[data-copied]");
  const label = copy.querySelector("span");
  const asked = label.textContent;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy);
    label.textContent = copy.dataset.done;
    said.textContent = copy.dataset.done;
    setTimeout(() => {
      label.textContent = asked;
      said.textContent = "";
    }, 4000);
  });
}
