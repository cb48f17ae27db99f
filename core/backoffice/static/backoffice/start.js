// Starts what Wagtail starts with inline scripts, which the policy forbids (decision 0010): choosers and inline panels.
// <div data-controller="g-start" data-g-start-name-value="Chooser" data-g-start-arguments-value="[…]">
class Start extends window.StimulusModule.Controller {
  static values = { name: String, arguments: Array };

  connect() {
    // A copy of the page in a <template> is not connected; a row that is moved is not started twice.
    if (this.element.dataset.started) return;
    this.element.dataset.started = "yes";
    new window[this.nameValue](...this.argumentsValue);
  }
}

window.wagtail.app.register("g-start", Start);
