"""Child processes that do not outlive the process that started them, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
LINUX = sys.platform == "linux"
# Loaded here because a child between fork and exec must not open libraries.
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


@dataclass(frozen=True)
class Identity:
    """Whom a child runs as: the caller where `user` is None, unless the command `prefix` changes that."""

    user: int | None = None
    group: int | None = None
    prefix: tuple[str, ...] = ()

    def options(self) -> dict[str, object]:
        """Return the matching arguments of `subprocess.Popen`."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}


MYSELF = Identity()


def die_with(parent: int, number: int = signal.SIGKILL) -> None:
    """Have this process get the signal `number` when its parent ends: from the kernel, or by looking each second."""
    if _libc is None:
        threading.Thread(target=_look_after, args=(parent, number), daemon=True).start()
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:  # it ended between the fork and the line above
        os._exit(1)


def _look_after(parent: int, number: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), number)


def _before_exec(number: int) -> Callable[[], None]:
    parent = os.getpid()
    return lambda: die_with(parent, number)


def _watch(pid: int, number: int) -> subprocess.Popen[bytes]:
    """Start a shell that signals `pid` once this process, which alone holds the pipe, has ended."""
    script = f"trap '' INT TERM HUP; read -r _; kill -{int(number)} {pid}"
    return subprocess.Popen(["/bin/sh", "-c", script], stdin=subprocess.PIPE, start_new_session=True)


class Child:
    """A running child in its own process group, with its output appended to `log` (or captured, but errors).

    It gets `on_orphaned` when this process ends. The kernel ties that to the starting thread, so a start
    from any but the main thread uses a watcher, as systems without the kernel's help do.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        on_orphaned: int = signal.SIGKILL,
        identity: Identity = MYSELF,
        environ: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        capture: bool = False,
        lends: Sequence[int] = (),
        kernel: bool | None = None,
    ) -> None:
        by_kernel = LINUX and threading.current_thread() is threading.main_thread() if kernel is None else kernel
        with log.open("ab") as output:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                [*identity.prefix, *command],
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE if capture else output,
                stderr=output,
                env=environ,
                pass_fds=lends,
                process_group=0,
                preexec_fn=_before_exec(on_orphaned) if by_kernel else None,
                **identity.options(),  # type: ignore[call-overload]
            )
        self._watcher = None if by_kernel else _watch(self.process.pid, on_orphaned)
        self._asked = False
        if self.process.stdin:
            self.process.stdin.write(stdin)
            self.process.stdin.close()

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def ended(self) -> int | None:
        """Return the exit status, or None while it runs."""
        return self.process.poll()

    def ask(self, number: int) -> None:
        """Send it a signal to end, once: some programs take a second one for impatience."""
        if not self._asked and self.process.poll() is None:
            self.process.send_signal(number)
        self._asked = True

    def stop(self, number: int, seconds: float) -> int:
        """Ask it to end, wait, and kill the whole group when it has not ended after `seconds`."""
        self.ask(number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._forget_watcher()
        return self.process.wait()

    def kill(self) -> None:
        """Kill the whole process group at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def _forget_watcher(self) -> None:
        if self._watcher:
            self._watcher.kill()
            self._watcher.communicate()
            self._watcher = None
