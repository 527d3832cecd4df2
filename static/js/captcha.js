// Fetches another picture without reloading the page, so that nothing written is lost.
for (const box of document.querySelectorAll("[data-captcha]")) {
  const button = box.querySelector("button");
  const [key, answer] = box.querySelectorAll("input");
  const another = async () => {
    const headers = { "X-Requested-With": "XMLHttpRequest" };
    const response = await fetch(box.dataset.captcha, { headers });
    if (!response.ok) return;
    const fresh = await response.json();
    key.value = fresh.key;
    box.querySelector("img").src = fresh.image_url;
    answer.value = "";
    answer.focus();
  };
  button.addEventListener("click", another);
  button.hidden = false;
}
