// A search field that names an address of suggestions (data-suggest) offers them as one types; without it, it searches.
const WAIT = 200;

for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-suggestions`;
  field.after(list);
  field.setAttribute("list", list.id);
  let timer, asked;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    const typed = field.value.trim();
    if (typed.length < 2) return list.replaceChildren();
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
        if (!answer.ok) return;
        const { suggestions } = await answer.json();
        list.replaceChildren(...suggestions.map(({ titre }) => Object.assign(document.createElement("option"), { value: titre })));
      } catch {
        // What was typed is searched all the same.
      }
    }, WAIT);
  });
}
