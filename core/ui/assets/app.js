// What every page may need. Pages work without it: each module only adds comfort.
import "./js/disclosure.js";
import "./js/errors.js";
import "./js/suggest.js";
import "./js/tiles.js";
