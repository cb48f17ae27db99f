"""What is written to those who open an account."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import User
from core.contracts.notifications import Choice, Topic
from core.kernel.addresses import absolute
from core.notifications.services import Recipient, notify
from core.opening import tokens


def _topic(name: str, label: Any, choice: Choice = Choice.ALWAYS) -> Topic:
    return Topic(
        code=f"core.compte-{name}",
        label=label,
        template=f"opening/mail/{name}",
        keeps_text=False,
        choice=choice,
    )


INVITED = _topic("ouvrir", gettext_lazy("Ouvrir votre compte"), Choice.ELSEWHERE)
EXISTS = _topic("existe", gettext_lazy("Vous avez déjà un compte"), Choice.ELSEWHERE)
CONFIRM = _topic("adresse", gettext_lazy("Confirmer votre adresse"))
RECOVERED = _topic("rendu", gettext_lazy("Votre mot de passe a changé"))

TOPICS = (INVITED, EXISTS, CONFIRM, RECOVERED)


def invite(email: str) -> None:
    path = reverse("opening:sign_up", args=[tokens.for_sign_up(email)])
    _write(email, INVITED, path, _("Ouvrir mon compte"))


def tell_account_exists(email: str, user: User) -> None:
    _write(email, EXISTS, reverse("account_login"), _("Se connecter"), account=user)


def ask_to_confirm(user: User, email: str) -> None:
    path = reverse("opening:address", args=[tokens.for_address(user.pk, email)])
    _write(email, CONFIRM, path, _("Confirmer cette adresse"), account=user)


def tell_recovered(user: User) -> None:
    _write(user, RECOVERED, reverse("account_login"), _("Se connecter"), account=user)


def _write(to: Recipient, topic: Topic, path: str, button: str, **more: Any) -> None:
    notify(to=to, topic=topic.code, context={"url": absolute(path), "button": button, **more})
