"""Cold kernels without the pauses of their start and end.

Jupyter's client looks every tenth of a second whether the kernel is there to talk to, waits a fifth of a second for messages
that do not come before it takes it for ready, and looks every tenth of a second whether it is gone. For a page of seconds
that is time; here the kernel's own words end the waiting: it is ready when it says on both channels that it has answered.
"""

from __future__ import annotations

import asyncio
import time
from queue import Empty

import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

ANSWERS, HEARD = 1.0, 0.05
"""Seconds in which a kernel answers, and in which it is then heard to be idle; else the question is put once more, for
what it says before its listener is connected is lost."""
RECONNECT = 5
"""Milliseconds; a tenth of a second is usual."""
LOOK = 0.005
"""Seconds after which it is looked again whether a kernel has ended."""


class Client(AsyncKernelClient):
    """Jupyter's client, ready as soon as the kernel is."""

    def _context_default(self) -> zmq.asyncio.Context:
        """As Jupyter's, but for the pause after which a socket that has found no kernel yet looks again."""
        context = super()._context_default()
        context.reconnect_ivl = RECONNECT
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel has answered a question and has said that it is idle again.

        Raises RuntimeError where it dies before or does not answer in ``timeout`` seconds, as Jupyter's own does.
        """
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            asked = self.kernel_info()
            try:
                while (await self.get_shell_msg(timeout=ANSWERS))["msg_type"] != "kernel_info_reply":
                    pass
                while not _idle_after(await self.get_iopub_msg(timeout=HEARD), asked):
                    pass
                return
            except Empty:
                pass
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > until:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")


def _idle_after(message: dict, asked: str) -> bool:
    return message.get("parent_header", {}).get("msg_id") == asked and message["content"].get("execution_state") == "idle"


class Manager(AsyncKernelManager):
    """Jupyter's manager, which sees at once that a kernel has ended."""

    client_factory = Type(klass=AsyncKernelClient, default_value=Client, config=True)

    async def _async_wait(self, pollinterval: float = LOOK) -> None:
        """Jupyter asks for its own interval; a tenth of a second is long beside the kernel's own end."""
        while await self.is_alive():
            await asyncio.sleep(min(pollinterval, LOOK))
