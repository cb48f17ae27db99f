// Bootstrap without what Parvis never shows: a third of its weight is left. What is kept is the vocabulary promised to
// plugin authors; the rest is drawn by core/ui/assets or needs Bootstrap's script, which is not shipped.
import { readFile } from "node:fs/promises";

const AT = "(?:-(?:sm|md|lg))?"; // breakpoints; the page never grows past the large one
const KEPT = new RegExp(
  `^(?:${[
    `container(?:-fluid)?|row|col${AT}(?:-(?:\\d+|auto))?|g${AT}-[0-5]`,
    "(?:btn|btn-(?:outline-)?(?:primary|secondary|danger)|btn-link|btn-sm|btn-lg|active|disabled)",
    "card|card-(?:body|title|subtitle|text)|alert|alert-(?:heading|link)|badge",
    "form-(?:label|text|control|select|check|check-input|check-label|check-inline)|form-(?:control|select)-(?:sm|lg)|col-form-label",
    "table|table-(?:sm|hover|striped|bordered|borderless|group-divider)|table-responsive|caption-top",
    "visually-hidden|visually-hidden-focusable|list-(?:unstyled|inline|inline-item)|img-fluid|small|mark|border|border-0|rounded",
    `d(?:-print|${AT})-(?:none|inline|inline-block|block|grid|flex|inline-flex|table)`,
    `flex${AT}-(?:row|column|wrap|nowrap|fill|grow-1|grow-0|shrink-0|shrink-1)|(?:justify-content|align-items|align-self)${AT}-(?:start|center|end|between|baseline|stretch)`,
    `gap${AT}-[0-5]|[mp][tbsexy]?${AT}-(?:[0-5]|auto)|w-(?:\\d+|auto)|h-100|mw-100|position-relative`,
    `text${AT}-(?:start|center|end)|text-(?:nowrap|wrap|break|decoration-none|reset)|fw-(?:bold|semibold|normal)|fst-italic`,
  ].join("|")})$`,
);

/** Each rule of a style sheet as [prelude, body]. Holds for Bootstrap's own file: no brace inside a string. */
function* rules(css) {
  for (let start = 0, open; (open = css.indexOf("{", start)) >= 0; ) {
    let end = open + 1;
    for (let depth = 1; depth; end++) depth += css[end] === "{" ? 1 : css[end] === "}" ? -1 : 0;
    yield [css.slice(start, open).trim(), css.slice(open + 1, end - 1)];
    start = end;
  }
}

const isKept = (selector) =>
  !selector.includes("data-bs-theme=dark") &&
  [...selector.matchAll(/\.([a-zA-Z][\w-]*)/g)].every(([, name]) => KEPT.test(name));

function trim(css) {
  let kept = "";
  for (const [prelude, body] of rules(css.replace(/\/\*[\s\S]*?\*\/|@charset[^;]*;/g, ""))) {
    if (prelude.startsWith("@media")) {
      const inside = trim(body);
      if (inside) kept += `${prelude}{${inside}}`;
    } else if (!prelude.startsWith("@")) {
      const selectors = prelude.split(/,(?![^(]*\))/).filter(isKept);
      if (selectors.length) kept += `${selectors.join(",")}{${body}}`;
    }
  }
  return kept;
}

/** Plugin of esbuild: `@import "bootstrap/dist/css/bootstrap.css"` gives the trimmed sheet. */
export const trimmedBootstrap = {
  name: "trimmed-bootstrap",
  setup(build) {
    build.onLoad({ filter: /bootstrap\.css$/ }, async ({ path }) => ({
      contents: trim(await readFile(path, "utf8")),
      loader: "css",
    }));
  },
};
