// The sum at the foot of the calendar, kept true while boxes are ticked. Amounts come from the server, box by box;
// without this script the page works the same and the summary gives the sums.

const euros = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });
const shown = (cents, signed) => {
  const text = euros.format(Math.abs(cents) / 100);
  if (!cents) return text;
  return cents < 0 ? `−${text}` : signed ? `+${text}` : text;
};

for (const form of document.querySelectorAll("form.booking")) {
  const boxes = [...form.querySelectorAll("input[name=jour]")];
  const sum = form.querySelector("[data-sum]");
  const part = (name) => sum.querySelector(`[data-${name}]`);
  const cents = (some) => some.reduce((total, box) => total + Number(box.dataset.cents ?? 0), 0);

  const update = () => {
    const ticked = boxes.filter((box) => box.checked);
    const changed = boxes.filter((box) => !box.disabled && box.checked !== ("was" in box.dataset));
    const difference = cents(ticked) - cents(boxes.filter((box) => "was" in box.dataset));
    part("count").textContent = ticked.length;
    part("unit").textContent = ticked.length > 1 ? sum.dataset.many : sum.dataset.one;
    part("total").textContent = shown(cents(ticked));
    part("change").textContent = shown(difference, true);
    part("change-line").hidden = changed.length === 0;
  };

  for (const child of form.querySelectorAll(".booking-child")) {
    const free = () => boxes.filter((box) => child.contains(box) && !box.disabled && !box.checked);
    const line = child.querySelector(".booking-all");
    line.hidden = free().length === 0;
    line.querySelector("[data-tick-all]").addEventListener("click", () => {
      for (const box of free()) box.checked = true;
      update();
    });
  }

  form.addEventListener("change", update);
  window.addEventListener("pageshow", update); // a browser puts ticks back when one returns
  update();
}
