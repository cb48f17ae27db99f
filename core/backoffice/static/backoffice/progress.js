// Moves the bars of `backoffice/progress.html` while work goes on, then loads the page again to show what came of it.
// Said aloud by tenths only; without this script a link looks again.
const EVERY = 1000;
const AT_MOST = 15000;

function follow(box) {
  const bar = box.querySelector("progress");
  const count = box.querySelector("[data-progress-count]");
  const said = box.querySelector("[data-progress-said]");
  let wait = EVERY;
  let tenth = 0;

  async function look() {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const { done, total, working } = await answer.json();
      if (!working) return window.location.reload();
      if (total) {
        bar.max = total;
        bar.value = done;
        count.textContent = box.dataset.words.replace("%(done)s", done).replace("%(total)s", total);
        if (Math.floor((10 * done) / total) > tenth) {
          tenth = Math.floor((10 * done) / total);
          said.textContent = count.textContent;
        }
      }
      wait = EVERY;
    } catch {
      count.textContent = box.dataset.lost;
      wait = Math.min(2 * wait, AT_MOST);
    }
    window.setTimeout(look, wait);
  }

  window.setTimeout(look, wait);
}

for (const box of document.querySelectorAll("[data-progress]")) follow(box);
