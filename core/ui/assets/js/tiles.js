// The row of tiles on a small screen: arrows, keyboard, swipe (native scrolling), and the position said in words.
// The server's page lists every tile; this module turns the stack into a row and shows the arrows.

const CALM = matchMedia("(prefers-reduced-motion: reduce)");

function browse(root) {
  const row = root.querySelector("[data-tiles-row]");
  const tiles = [...row.children];
  const where = root.querySelector("[data-tiles-where]");
  const [previous, next] = root.querySelectorAll("[data-tiles-step]");
  if (tiles.length < 2) return;
  let current = 0;
  let target = null; // where an arrow is going while the row still glides

  function show(position) {
    current = position;
    const said = `${tiles[position].dataset.title}, ${position + 1} sur ${tiles.length}`;
    if (where.textContent !== said) where.textContent = said;
    previous.setAttribute("aria-disabled", position === 0);
    next.setAttribute("aria-disabled", position === tiles.length - 1);
  }

  function go(position) {
    if (position < 0 || position >= tiles.length) return;
    target = position;
    show(position);
    const left = tiles[position].offsetLeft - tiles[0].offsetLeft;
    row.scrollTo({ left, behavior: CALM.matches ? "auto" : "smooth" });
  }

  function nearest() {
    if (row.scrollLeft + row.clientWidth >= row.scrollWidth - 2) return tiles.length - 1;
    const distances = tiles.map((tile) => Math.abs(tile.offsetLeft - tiles[0].offsetLeft - row.scrollLeft));
    return distances.indexOf(Math.min(...distances));
  }

  let resting;
  row.addEventListener(
    "scroll",
    () => {
      clearTimeout(resting);
      resting = setTimeout(() => {
        target = null;
        show(nearest());
      }, 120);
      if (target === null) show(nearest());
    },
    { passive: true },
  );
  previous.addEventListener("click", () => go(current - 1));
  next.addEventListener("click", () => go(current + 1));
  root.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(current + step);
  });

  root.classList.add("is-row");
  root.querySelector("[data-tiles-bar]").hidden = false;
  show(0);
}

document.querySelectorAll("[data-tiles]").forEach(browse);
