"""Who may open which number: pure, over what a viewer is and whom a number rests on."""

from __future__ import annotations

from dataclasses import dataclass

from lingtan_web.assessments.trace_index import TraceNode


@dataclass(frozen=True, slots=True)
class Viewer:
    """What somebody may see of a calculation.

    `sees_park`: everything but what is confidential; `sees_confidential`: that too; `enterprises`: what
    rests on these alone (of an enterprise's own people).
    """

    sees_park: bool = False
    sees_confidential: bool = False
    enterprises: frozenset[str] = frozenset()

    def can_open(self, node: TraceNode) -> bool:
        """Whether this viewer may see a number of the trace."""
        if self.sees_park:
            return self.sees_confidential or not node.is_sealed or node.owners <= self.enterprises
        return not node.owners or (bool(self.enterprises) and node.owners <= self.enterprises)

    def can_open_enterprise(self, key: str, *, is_confidential: bool) -> bool:
        """Whether this viewer may see the lines of an enterprise."""
        if key in self.enterprises:
            return True
        return self.sees_park and (self.sees_confidential or not is_confidential)
