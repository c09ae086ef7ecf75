"""Completion in bash, which takes `=`, `:` and `&` for ends of words, and in zsh, which adds blanks: the framework's
own knows nothing of keys that wait for a value."""

from __future__ import annotations

import os
import shlex
from typing import Any, NamedTuple

from typer import _completion_classes, _completion_shared

BASH = """
%(complete_func)s() {
    local IFS=$'\\n'
    COMPREPLY=( $( env COMP_LINE="${COMP_LINE:0:$COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
                   %(autocomplete_var)s=complete_bash $1 ) )
    [[ "${COMPREPLY[0]-}" == *= ]] && compopt -o nospace
    return 0
}

complete -o default -F %(complete_func)s %(prog_name)s
"""
ZSH = """
#compdef %(prog_name)s

%(complete_func)s() {
  eval $(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" %(autocomplete_var)s=complete_zsh %(prog_name)s)
}

if [[ $funcstack[1] == _%(prog_name)s ]]; then %(complete_func)s; else compdef %(complete_func)s %(prog_name)s; fi
"""
"""The framework's own completes from the second Tab on: at the first one this file is only read."""


class CommandLine(NamedTuple):
    """A line as bash reads it up to the cursor."""

    words: list[str]
    """Without quotes; the last is not whole."""
    kept: int
    """Characters of the last word that stand before the part that bash completes."""


def read_line(line: str, breaks: str) -> CommandLine:
    """The words of a line; `breaks` ends the part that is completed, where it is not quoted."""
    words, kept, quote, escaped, begun = [""], 0, "", False, False
    for character in line:
        if escaped or (quote and character not in (quote, "\\" if quote == '"' else quote)):
            words[-1], escaped = words[-1] + character, False
        elif character == "\\":
            escaped = begun = True
        elif character in "'\"":
            quote, begun = ("" if quote else character), True
        elif character.isspace():
            if begun:
                words.append("")
            kept, begun = 0, False
        else:
            words[-1], begun = words[-1] + character, True
            if character in breaks:
                kept = len(words[-1])
    return CommandLine(words, kept)


class Bash(_completion_classes.BashComplete):
    """Completes the line that bash has, in place of the words that it makes of it."""

    source_template = BASH
    _kept = 0

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is not whole."""
        if "COMP_LINE" not in os.environ:  # a script that an earlier version has installed
            return super().get_completion_args()
        (_, *words), self._kept = read_line(os.environ["COMP_LINE"], os.environ.get("COMP_WORDBREAKS", ""))
        return words[:-1], words[-1] if words else ""

    def format_completion(self, item: Any) -> str:
        """What bash is to put in place of the part that it completes."""
        return super().format_completion(item)[self._kept :]


class Zsh(_completion_classes.ZshComplete):
    """Adds no blank behind a key that waits for its value."""

    source_template = ZSH

    def complete(self) -> str:
        """What zsh is to do."""
        offers = [str(item.value) for item in self.get_completions(*self.get_completion_args())]
        if not offers or not all(offer.endswith("=") for offer in offers):
            return super().complete()
        return f"compadd -S '' -- {shlex.join(offers)}"


def prepare() -> None:
    """Let the framework complete, show and install what is here."""
    _completion_classes.BashComplete = Bash  # type: ignore[misc]
    _completion_classes.ZshComplete = Zsh  # type: ignore[misc]
    _completion_shared._completion_scripts |= {"bash": BASH, "zsh": ZSH}
