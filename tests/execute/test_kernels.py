"""A kernel is ready when it says so: not before, and without a pause after it."""

import asyncio
from queue import Empty

import pytest
import zmq
from jupyter_client.asynchronous import AsyncKernelClient

from placebook.execute.kernels import RECONNECT, Client

ANSWER = {"msg_type": "kernel_info_reply"}


def status(state, question):
    return {"msg_type": "status", "parent_header": {"msg_id": question}, "content": {"execution_state": state}}


class Scripted(Client):
    """A client whose kernel says on each channel what the test has written down; None is a silence."""

    def told(self, shell, iopub, lives=True):
        self.shell, self.iopub, self.lives, self.asked = iter(shell), iter(iopub), lives, 0
        return self

    def kernel_info(self):
        self.asked += 1
        return f"question-{self.asked}"

    async def is_alive(self):
        return self.lives

    async def get_shell_msg(self, timeout):
        return said(self.shell)

    async def get_iopub_msg(self, timeout):
        return said(self.iopub)


def said(channel):
    message = next(channel, None)
    if message is None:
        raise Empty
    return message


def wait(client, timeout=60.0):
    asyncio.run(client.wait_for_ready(timeout))
    return client.asked


def test_it_is_ready_when_it_has_answered_and_is_idle_again():
    iopub = [status("starting", ""), status("busy", "question-1"), status("idle", "question-1"), "not read any more"]
    client = Scripted().told([{"msg_type": "other"}, ANSWER], iopub)
    assert wait(client) == 1
    assert list(client.iopub) == ["not read any more"]


@pytest.mark.parametrize(
    ("shell", "iopub"),
    [
        ([None, ANSWER], [status("idle", "question-2")]),  # no answer yet
        ([ANSWER, ANSWER], [None, status("idle", "question-1"), status("idle", "question-2")]),  # nobody listened yet
        ([ANSWER, ANSWER], [status("busy", "question-1"), None, status("idle", "question-2")]),  # still at work
    ],
)
def test_what_was_not_heard_is_asked_again(shell, iopub):
    assert wait(Scripted().told(shell, iopub)) == 2


def test_a_kernel_that_dies_before_it_answers_is_said():
    with pytest.raises(RuntimeError, match="died before replying"):
        wait(Scripted().told([], [], lives=False))


def test_a_kernel_that_never_answers_is_given_up_in_time():
    with pytest.raises(RuntimeError, match="didn't respond in 0 seconds"):
        wait(Scripted().told([], []), timeout=0.0)


@pytest.mark.parametrize(("kind", "pause"), [(Client, RECONNECT), (AsyncKernelClient, 100)])
def test_a_socket_that_finds_no_kernel_yet_looks_again_at_once(kind, pause):
    """Jupyter's own would wait a tenth of a second."""
    client = kind()
    with client.context.socket(zmq.DEALER) as socket:
        assert socket.getsockopt(zmq.RECONNECT_IVL) == pause
    client.context.destroy()
