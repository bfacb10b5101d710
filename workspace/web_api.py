"""The HTTP side of the Web API and of response URLs: tokens, bodies, planned faults."""

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from workspace.errors import SlackError
from workspace.faults import Fault
from workspace.findings import Json
from workspace.methods import METHODS, Method, content, post_as_bot
from workspace.passes import ResponseUrl
from workspace.state import State

_STRUCTURED = ("blocks", "metadata", "view", "prompts", "attachments", "loading_messages")
_APP_LEVEL = "apps.connections.open"


class WebApi:
    """`/api/<method>` and `/actions/<team>/<key>`."""

    def __init__(self, state: State, bot_token: str, app_token: str) -> None:
        self._state = state
        self._bot_token = bot_token
        self._app_token = app_token

    async def call(self, request: Request) -> Response:
        """One Web API call."""
        method = request.path_params["method"]
        args = await _arguments(request)
        if args is None:
            return JSONResponse({"ok": False, "error": "invalid_json"})
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        token = bearer or str(args.pop("token", ""))
        args.pop("token", None)
        fault = self._state.faults.take(method)
        if fault:
            return await self._with_fault(request, fault, method, token, args)
        return JSONResponse(self._answer(method, token, args))

    def _answer(self, method: str, token: str, args: Json) -> Json:
        answer = self._perform(method, token, args)
        self._state.traffic.add("app", method, args, answer)
        self._state.changed()
        return answer

    def _perform(self, method: str, token: str, args: Json) -> Json:
        try:
            self._check_token(method, token)
            return {"ok": True} | _method(method)(self._state, args)
        except SlackError as refusal:
            return _refusal(refusal)
        except (ValueError, TypeError, AttributeError, KeyError) as odd:
            return _refusal(SlackError("invalid_arguments", [f"[ERROR] {odd}"]))

    def _check_token(self, method: str, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token not in (self._bot_token, self._app_token):
            raise SlackError("invalid_auth")
        needed = self._app_token if method == _APP_LEVEL else self._bot_token
        if token != needed and method != "api.test":
            raise SlackError("not_allowed_token_type")

    async def _with_fault(
        self, request: Request, fault: Fault, method: str, token: str, args: Json
    ) -> Response:
        self._state.traffic.add("app", f"{method} ({fault.kind})", args)
        self._state.changed()
        match fault.kind:
            case "429":
                wait = {"Retry-After": str(int(fault.seconds))}
                return JSONResponse({"ok": False, "error": "ratelimited"}, 429, wait)
            case "ok_false":
                return JSONResponse({"ok": False, "error": fault.error})
            case "html":
                return Response(
                    "<html><body>Bad gateway</body></html>", 502, media_type="text/html"
                )
            case "slow":
                await asyncio.sleep(fault.seconds)
                return JSONResponse(self._answer(method, token, args))
            case "reset_after_read":
                request.scope["workspace.cut"]()
            case "accepted_then_500":
                self._answer(method, token, args)
        return PlainTextResponse("", 500)

    async def respond(self, request: Request) -> Response:
        """An answer to a response URL."""
        body = await _arguments(request) or {}
        name = "response_url"
        try:
            url = self._state.response_urls.use(request.path_params["key"])
            self._respond(url, body)
        except SlackError as refusal:
            self._state.traffic.add("app", name, body, _refusal(refusal))
            missing = refusal.code in ("expired_url", "used_url")
            return JSONResponse(_refusal(refusal), 404 if missing else 400)
        self._state.traffic.add("app", name, body, "ok")
        self._state.changed()
        return PlainTextResponse("ok")

    def _respond(self, url: ResponseUrl, body: Json) -> None:
        talk = self._state.conversations
        if url.source and body.get("delete_original"):
            talk.drop(talk.find(url.channel, url.source, url.user))
            return
        if url.source and body.get("replace_original"):
            original = talk.find(url.channel, url.source, url.user)
            talk.change(original, {"blocks": None} | content(body))
            return
        answer_person(self._state, url, body)


def answer_person(state: State, url: ResponseUrl, body: Json) -> None:
    """Post an answer to a command or press: to the person alone unless `in_channel`."""
    public = body.get("response_type") == "in_channel"
    thread = body.get("thread_ts") or url.thread
    args = body | ({"thread_ts": thread} if thread else {})
    post_as_bot(state, url.channel, args, only_for="" if public else url.user)


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method")
    return METHODS[name]


def _refusal(refusal: SlackError) -> Json:
    answer: Json = {"ok": False, "error": refusal.code}
    if refusal.details:
        answer["errors"] = refusal.details
        answer["response_metadata"] = {"messages": refusal.details}
    return answer


async def _arguments(request: Request) -> Json | None:
    """Query, form or JSON arguments together; None when the JSON is broken."""
    args: dict[str, Any] = dict(request.query_params)
    raw = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return None
        if not isinstance(body, dict):
            return None
        args |= body
    else:
        args |= dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    for name in _STRUCTURED:
        if isinstance(args.get(name), str):
            # Left as it is when broken: the method then answers with its own code.
            with suppress(ValueError):
                args[name] = json.loads(args[name])
    return args
