// The design system's behaviours, where its files are there. Every page works without this.
import("/static/nhsuk/nhsuk-frontend.min.js").then((system) => system.initAll()).catch(() => {});

// A page that waits for figures looks again by itself; without this there is a link to look again.
const waiting = document.querySelector("[data-waiting]");
if (waiting) {
  const look = async () => {
    const answer = await fetch(location.href, { headers: { "X-Looks-Again": "yes" } });
    const there = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-waiting]");
    if (!there) return location.reload();
    if (there.textContent !== waiting.textContent) waiting.replaceChildren(...there.childNodes);
    setTimeout(look, 5000);
  };
  setTimeout(look, 5000);
}
