// Fetches another picture and sound without reloading the page, so that nothing written is lost.
for (const box of document.querySelectorAll("[data-captcha]")) {
  const [picture, sound] = [box.querySelector("img"), box.querySelector("audio")];
  const [key, answer] = box.querySelectorAll("input");
  const another = async (event) => {
    event.preventDefault();
    const headers = { "X-Requested-With": "XMLHttpRequest" };
    const response = await fetch(box.dataset.captcha, { headers });
    if (!response.ok) return;
    const fresh = await response.json();
    key.value = fresh.key;
    picture.srcset = `${fresh.image_2x} 2x`;
    picture.src = fresh.image;
    if (sound) sound.src = fresh.audio;
    answer.value = "";
    answer.focus();
  };
  box.querySelector("button").addEventListener("click", another);
}
