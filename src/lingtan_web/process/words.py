"""The words of states and acts."""

from __future__ import annotations

from lingtan_web.process.workflow import Act, State

STATE_WORDS: dict[State, tuple[str, str]] = {
    State.OPEN: ("未开始", "Open"),
    State.IN_PROGRESS: ("进行中", "In progress"),
    State.DONE: ("已完成", "Done"),
    State.DROPPED: ("不做了", "Dropped"),
    State.REOPENED: ("重新打开", "Reopened"),
}

ACT_WORDS: dict[Act, tuple[str, str]] = {
    Act.START: ("开始", "Start"),
    Act.FINISH: ("完成", "Mark as done"),
    Act.DROP: ("不做了", "Drop"),
    Act.REOPEN: ("重新打开", "Reopen"),
    Act.ASSIGN: ("指定负责人", "Assign"),
    Act.RESCHEDULE: ("改期", "Move the day"),
    Act.COMMENT: ("留言", "Comment"),
}

EVENT_WORDS: dict[str, tuple[str, str]] = {
    Act.START: ("开始了任务", "started it"),
    Act.FINISH: ("完成了任务", "finished it"),
    Act.DROP: ("决定不做", "dropped it"),
    Act.REOPEN: ("重新打开了任务", "reopened it"),
    Act.ASSIGN: ("指定了负责人", "assigned it"),
    Act.RESCHEDULE: ("改了完成日期", "moved the day"),
    Act.COMMENT: ("留言", "commented"),
}

STATE_TAGS: dict[State, str] = {
    State.OPEN: "",
    State.IN_PROGRESS: "accent",
    State.DONE: "passed",
    State.DROPPED: "",
    State.REOPENED: "warned",
}
