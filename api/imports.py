"""``/v1/imports``: files of rows, previewed, begun and followed by who sent them; nobody else sees what is in one."""

import asyncio
import contextlib
import hashlib
from dataclasses import replace
from pathlib import PurePath
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Path, Query, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import Json, ValidationError

from api.import_schemas import FileImportDTO, FileImportPageDTO, FileImportPatchDTO, brief, shown
from api.problem_codes import ASKS_TEMPORAL, AUTHENTICATES, Codes, is_problem_code
from api.problems import ProblemError, responses
from api.security import GuardedRoute, Principal, missing_scope, requires
from api.services import Services
from api.things import Reach
from api.writes import IdempotencyKey, conflict, entity_id_of, not_found
from importing.error_file import errors_of
from importing.kinds import ImportKind, import_kind, import_kinds
from importing.preview import preview
from importing.table import HeldFile
from importing.uploads import job_of, told
from knowledge.file_imports import FileImport, FileToImport
from ontology import ids
from ontology.commands import Origin
from ontology.file_imports import FileImportFailure, FileImportOptions, FileImportPreview, FileImportStatus, ImportFile
from ontology.references import Caller
from ontology.scopes import Scope
from runtime.clock import now
from runtime.errors import RefusedError, UnavailableError
from runtime.hashing import canonical_json
from runtime.settings import Settings


class BusyError(UnavailableError):
    """So many files are being read that another has to wait."""

    code = "unavailable"


router = APIRouter(prefix="/v1/imports", tags=["imports"], route_class=GuardedRoute)

_FIRST = 3
"""Good rows that a preview tells."""

_FORM = 65_536
"""Bytes of a form beside its file."""

_READS: Codes = (*AUTHENTICATES, *ASKS_TEMPORAL, "invalidRequest", "knowledgeUnavailable")
_READS_ONE: Codes = (*_READS, "notFound")
_PREVIEWS: Codes = (
    "unavailable",
    "fileRefused",
    "mappingRefused",
    "usageRefused",
    "refused",
    "bodyTooLarge",
    "mediaTypeUnsupported",
    "ledgerClosed",
    "concurrentWrite",
)


def body_limit(tree: Settings) -> int:
    """Largest body of a request that sends a file, bytes."""
    return tree.imports.file_bytes + _FORM


def _scopes(kind: ImportKind) -> list[Scope]:
    """What an importer of a kind may do: write it, also in others' names or projects, and what its rows say besides."""
    own = bool(kind.kind.within) or any(reference.own for reference in kind.kind.references)
    besides = _scopes(import_kind(kind.besides)) if kind.besides else []
    return [kind.kind.writes, *([Scope.RECOGNITION_ON_BEHALF] if own else []), *besides]


_WRITES = sorted({kind.kind.writes for kind in import_kinds().values()})
Importing = Annotated[Principal, Depends(requires(*_WRITES))]
"""The principal of a request whose token grants a scope that some import needs."""

ImportId = Annotated[UUID, Path(alias="importId")]


@router.post(
    "",
    status_code=201,
    responses={
        201: {"description": "Kept and previewed", "headers": {"Location": {"schema": {"type": "string"}}}},
        **responses(*_READS, *_PREVIEWS, "idempotencyKeyMissing", "idempotencyKeyInvalid", "idempotencyConflict"),
    },
    response_model_exclude_none=True,
    summary="Send a file to be imported",
)
async def send(
    file: Annotated[UploadFile, File(description="a CSV file with a header")],
    options: Annotated[Json[FileImportOptions], Form(description="what is chosen, as JSON")],
    principal: Importing,
    services: Reach,
    key: IdempotencyKey,
    response: Response,
) -> FileImportDTO:
    """Keep the file and say what its import would do; nothing is written before it is started."""
    _check_scopes(principal, options)
    content = await file.read()
    most = services.settings.imports.file_bytes
    if len(content) > most:
        raise ProblemError("bodyTooLarge", f"The file may have {most} bytes.", pointer="/file")
    name, digest = _name(file.filename), _digest(_name(file.filename), content, options)
    import_id, owner = entity_id_of(principal.caller, router.prefix, key), _owner(principal)
    found = await services.files.get(import_id, owner)
    if found is None:
        kept = FileToImport(name, content, _resolved(options, services.settings))
        said, errors = await _previewed(services, principal.caller, kept, "/options")
        await services.files.put(import_id, owner, digest, kept, said, errors)
        found = await services.files.get(import_id, owner)
    if found is None or found.request_hash != digest:
        raise conflict()
    response.headers["Location"] = f"{router.prefix}/{import_id}"
    return shown(await _standing(services, found))


@router.get(
    "",
    responses=responses(*_READS, "cursorInvalid"),
    response_model_exclude_none=True,
    summary="List your imports",
)
async def read_page(
    principal: Importing,
    services: Reach,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> FileImportPageDTO:
    """Those that the caller sent, the newest first, without their previews."""
    cursors = services.cursors
    after = cursors.read(cursor, {"of": "imports"})
    place = (after[0][0], after[1]) if after else None
    found = await services.files.page(_owner(principal), place, limit + 1)
    items = [brief(await _standing(services, one)) for one in found[:limit]]
    last = items[-1] if len(found) > limit else None
    more = cursors.after([last.created_at], str(last.id), {"of": "imports"}) if last else None
    return FileImportPageDTO(items=items, next_cursor=more)


@router.get(
    "/{importId}",
    responses=responses(*_READS_ONE),
    response_model_exclude_none=True,
    summary="Read an import",
)
async def read_one(import_id: ImportId, principal: Importing, services: Reach) -> FileImportDTO:
    """What is chosen, what it would do, and how far it is."""
    return shown(await _mine(services, principal, import_id))


@router.patch(
    "/{importId}",
    responses=responses(*_READS_ONE, *_PREVIEWS, "importBegun"),
    response_model_exclude_none=True,
    summary="Choose otherwise",
)
async def choose(import_id: ImportId, body: FileImportPatchDTO, principal: Importing, services: Reach) -> FileImportDTO:
    """Preview the file anew with other options, as long as its import has not begun."""
    found = await _mine(services, principal, import_id)
    try:
        options = _resolved(body.applied(found.options), services.settings)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error
    _check_scopes(principal, options)
    content = await services.files.file(import_id, found.owner)
    if found.status is not FileImportStatus.PREVIEWED or content is None:
        raise _begun()
    kept = FileToImport(found.name, content, options)
    said, errors = await _previewed(services, principal.caller, kept, "")
    if not await services.files.choose(import_id, found.owner, options, said, errors):
        raise _begun()
    return shown(await _mine(services, principal, import_id))


@router.post(
    "/{importId}/start",
    status_code=202,
    responses=responses(*_READS_ONE, "idempotencyKeyMissing", "idempotencyKeyInvalid", "temporalRefused"),
    response_model_exclude_none=True,
    summary="Start an import",
)
async def start(import_id: ImportId, principal: Importing, services: Reach, _key: IdempotencyKey) -> FileImportDTO:
    """Carry it out durably; one that runs or is done goes on as it is, one that failed goes on where it was."""
    found = await _mine(services, principal, import_id)
    _check_scopes(principal, found.options)
    if found.status is not FileImportStatus.DONE:
        kind = import_kind(found.options.kind)
        await services.runs.start(_command(import_id, kind, principal.caller, services.settings.events.source))
        await services.files.mark_running(import_id, found.owner)
    return shown(await _mine(services, principal, import_id))


@router.get(
    "/{importId}/errors",
    response_class=Response,
    responses={
        200: {"description": "The error file", "content": {"text/csv": {"schema": {"type": "string"}}}},
        **responses(*_READS_ONE),
    },
    summary="Read the error file",
)
async def read_errors(import_id: ImportId, principal: Importing, services: Reach) -> Response:
    """Refused rows with reasons, to be mended and sent: those that would be refused, once it ran those that were."""
    found = await _mine(services, principal, import_id)
    content = await services.files.errors(import_id, found.owner)
    if content is None:
        raise not_found()
    name = quote(f"{PurePath(found.name).stem}.errors.csv", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.delete(
    "/{importId}",
    status_code=204,
    responses=responses(*_READS_ONE, "importBegun"),
    summary="Delete an import",
)
async def delete(import_id: ImportId, principal: Importing, services: Reach) -> None:
    """Forget the file and what is known of its import; what was written stays, and one that runs has to end first."""
    found = await services.files.get(import_id, _owner(principal))
    if found is None:
        raise not_found()
    if found.status is FileImportStatus.RUNNING and await _runs(services, import_id):
        raise _begun()
    if not await services.files.delete(import_id, found.owner, found.status):
        raise _begun()


def _owner(principal: Principal) -> UUID:
    return ids.identity(principal.caller.issuer, principal.caller.subject)


def _name(said: str | None) -> str:
    """The file's name without folders and what cannot be shown."""
    last = PurePath((said or "").replace("\\", "/")).name
    shown_part = "".join(letter for letter in last if letter.isprintable())[:200]
    return shown_part or "file.csv"


def _resolved(options: FileImportOptions, tree: Settings) -> FileImportOptions:
    """With the time zone that holds now: a row without an id is another one where its moments are others."""
    return options.model_copy(update={"time_zone": options.time_zone or tree.imports.time_zone})


def _digest(name: str, content: bytes, options: FileImportOptions) -> str:
    said = [name, hashlib.sha256(content).hexdigest(), options.model_dump(mode="json")]
    return hashlib.sha256(canonical_json(said)).hexdigest()


def _check_scopes(principal: Principal, options: FileImportOptions) -> None:
    """Refuse who may not write what the rows say; a kind that is not there is refused when the file is read."""
    kind = import_kinds().get(options.kind)
    for scope in _scopes(kind) if kind else []:
        if not principal.may(scope):
            raise missing_scope(scope)


def _begun() -> ProblemError:
    return ProblemError("importBegun", "The import has begun.")


def _command(import_id: UUID, kind: ImportKind, caller: Caller, source: str) -> ImportFile:
    moment = now()
    origin = Origin(
        event_id=ids.step_event(f"fileImport/{import_id}", "start"),
        event_type=kind.kind.recorded,
        source=source,
        occurred_at=moment,
        sent_at=moment,
        request_hash=hashlib.sha256(import_id.bytes).hexdigest(),
        caller=caller,
    )
    return ImportFile(id=import_id, origin=origin)


async def _previewed(
    services: Services, caller: Caller, file: FileToImport, part: str
) -> tuple[FileImportPreview, bytes]:
    """The preview and the rows that would be refused; ``part`` leads to the options in the request."""
    try:
        async with asyncio.timeout(services.settings.api.wait_limit):
            await services.previews.acquire()
    except TimeoutError as error:
        raise BusyError("other files are being read; send it again") from error
    try:
        held, most = HeldFile(file.name, file.content), services.settings.imports.file_rows
        job = await asyncio.to_thread(job_of, held, file.options, most)
        found = await preview(job, services.graph, services.settings.events.source, caller, _FIRST)
        return await asyncio.to_thread(lambda: (told(job, found), errors_of(job.table, found.bad)))
    except RefusedError as error:
        code = error.code if is_problem_code(error.code) else "refused"
        where = error.pointer or "/kind"
        raise ProblemError(code, str(error), pointer=where if where == "/file" else f"{part}{where}") from error
    finally:
        services.previews.release()


async def _mine(services: Services, principal: Principal, import_id: UUID) -> FileImport:
    """An import that the caller sent.

    Raises
    ------
    ProblemError
        404: there is none.
    """
    found = await services.files.get(import_id, _owner(principal))
    if found is None:
        raise not_found()
    return await _standing(services, found)


async def _standing(services: Services, found: FileImport) -> FileImport:
    """An import as it is: one whose run an operator ended says nothing more by itself."""
    if found.status is not FileImportStatus.RUNNING:
        return found
    with contextlib.suppress(UnavailableError):
        run = await services.runs.look_up(f"fileImport/{found.id}")
        if run is not None and run.failed:
            failure = FileImportFailure(code=run.reason_code or "failed", detail=run.reason or "The run was ended.")
            return replace(found, status=FileImportStatus.FAILED, failure=failure)
    return found


async def _runs(services: Services, import_id: UUID) -> bool:
    run = await services.runs.look_up(f"fileImport/{import_id}")
    return run is not None and run.running
