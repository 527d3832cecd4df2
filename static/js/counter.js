// Counts the characters of a text area while it is written, as the server counts them.
for (const counter of document.querySelectorAll("[data-counts]")) {
  const area = document.getElementById(counter.dataset.counts);
  const most = Number(counter.dataset.most);
  const number = counter.querySelector("[data-number]");
  if (!area || !number) continue;
  const count = () => {
    const written = [...area.value].length;
    number.textContent = String(written);
    counter.classList.toggle("is-over", written > most);
  };
  area.addEventListener("input", count);
  count();
  counter.hidden = false;
}
