"""The words of the journal: what each code of act means to whoever reads it."""

from dataclasses import dataclass

from core.contracts.markers import boot_hook


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of entry. `code` is « app.past_participle »; `label` says in French what was done, to families and agents
    alike: « Quotient familial enregistré ». `shown_to_family` is False for what is nobody's but the house's.
    """

    code: str
    label: str
    shown_to_family: bool = True


@boot_hook
def journal_acts() -> list[Act]:  # type: ignore[empty-body]
    """The acts that a plugin writes in the journal.

    When: start-up; read even while the plugin is off, since what was done stays. Returns: the acts.
    On failure: the plugin is quarantined. Since: 1.0.
    """
