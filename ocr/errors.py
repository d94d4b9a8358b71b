"""Every error scanledger raises on purpose.

    ScanledgerError
    ├── SourceError            the file is at fault; never retried
    │   ├── InaccessibleSource E_ACCESS      may not, or cannot, be opened
    │   ├── EmptySource        E_EMPTY       no bytes
    │   ├── UnsupportedSource  E_NOT_PDF     not a PDF or image, whatever its name says
    │   ├── EncryptedSource    E_ENCRYPTED   needs a password
    │   ├── TruncatedSource    E_TRUNCATED   cut short, or repaired by guessing
    │   ├── NoPages            E_NO_PAGES    opens, but holds no page
    │   ├── PageLimitExceeded  E_PAGE_LIMIT  more pages than allowed
    │   ├── DocumentTooLarge   E_DOCUMENT_SIZE more cells or text than one document may have
    │   ├── UnreadablePage     E_UNREADABLE  one page cannot be rasterised
    │   ├── PageTimeout        E_PAGE_TIMEOUT opening or reading took more time than allowed
    │   ├── PageMemory         E_PAGE_MEMORY opening or reading took more memory than allowed
    │   ├── PageCrashed        E_PAGE_CRASHED opening or reading ended the process that did it, twice
    │   └── PageSkipped        E_PAGE_SKIPPED not tried, after too many others that ran over their limits
    ├── EngineError            the machine is at fault; retried
    │   ├── ModelMissing       E_MODEL       a model file is missing or damaged
    │   │   └── DeviceMissing  E_DEVICE      the device that was asked for cannot run the networks
    │   ├── RecognitionFailed  E_RECOGNITION an engine broke while reading a page
    │   ├── PageStalled        E_PAGE_STALLED time ran out though hardly anything was computed
    │   └── WorkerBroken       E_WORKER      processes that read pages cannot be started
    │       └── ClusterBroken  E_CLUSTER     a cluster that was named cannot read pages
    ├── StorageError           E_STORAGE     the output cannot be written
    ├── ProofTimeout           E_PROOF_TIMEOUT joining and proving took more time than allowed
    ├── SuiteError             E_SUITE       an expectation suite cannot be loaded whole
    └── RunStopped             E_STOPPED     somebody ended the run

A message says what happened; ``where`` names file and page; ``remedy`` is the next step. ``code`` is stable.
"""

from __future__ import annotations


class ScanledgerError(Exception):
    """Base of all errors raised on purpose."""

    code = "E_BUG"
    remedy = "Report this as a bug, with the file if it may be shared."

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        if remedy:
            self.remedy = remedy

    def __str__(self) -> str:
        prefix = f"{self.where}: " if self.where else ""
        return f"{prefix}{self.message} [{self.code}] {self.remedy}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.where, self.remedy)


def _rebuild(kind: type[ScanledgerError], message: str, where: str, remedy: str) -> ScanledgerError:
    return kind(message, where=where, remedy=remedy)


class SourceError(ScanledgerError):
    """The file is at fault; reading it again gives the same answer."""


class InaccessibleSource(SourceError):
    code = "E_ACCESS"
    remedy = "Make the file readable for the user who runs scanledger."


class EmptySource(SourceError):
    code = "E_EMPTY"
    remedy = "Send the file again: it holds no bytes."


class UnsupportedSource(SourceError):
    code = "E_NOT_PDF"
    remedy = "Give a PDF, TIFF, PNG or JPEG file."


class EncryptedSource(SourceError):
    code = "E_ENCRYPTED"
    remedy = "Remove the password and give the file again."


class TruncatedSource(SourceError):
    code = "E_TRUNCATED"
    remedy = "Copy or download the file again: it is incomplete."


class NoPages(SourceError):
    code = "E_NO_PAGES"
    remedy = "Export or scan the document again: the file holds no page."


class PageLimitExceeded(SourceError):
    code = "E_PAGE_LIMIT"
    remedy = "Split the file, or raise the page limit in the settings."


class DocumentTooLarge(SourceError):
    code = "E_DOCUMENT_SIZE"
    remedy = "Split the file, or raise max_cells in the settings."


class UnreadablePage(SourceError):
    code = "E_UNREADABLE"
    remedy = "Scan this page again."


class PageTimeout(SourceError):
    code = "E_PAGE_TIMEOUT"
    remedy = "Scan or export this page again; if it is in order, raise the time limits in the settings."


class PageMemory(SourceError):
    code = "E_PAGE_MEMORY"
    remedy = "Scan or export this page again with fewer pixels, or raise the memory limit in the settings."


class PageCrashed(SourceError):
    code = "E_PAGE_CRASHED"
    remedy = "Scan or export this page again; report it as a bug, with the file if it may be shared."


class PageSkipped(SourceError):
    code = "E_PAGE_SKIPPED"
    remedy = "See the pages before it that failed; without them, give the file again."


class EngineError(ScanledgerError):
    """The machine is at fault; reading again may succeed."""

    code = "E_ENGINE"
    remedy = "Run `scanledger doctor`."


class ModelMissing(EngineError):
    code = "E_MODEL"
    remedy = "Run `scanledger doctor`; reinstall the environment with `make env`."


class DeviceMissing(ModelMissing):
    code = "E_DEVICE"
    remedy = "Install onnxruntime-gpu in place of onnxruntime, with its CUDA libraries and driver; or use --device cpu."


class RecognitionFailed(EngineError):
    code = "E_RECOGNITION"
    remedy = "Run the file again; if it fails again, run `scanledger doctor`."


class PageStalled(EngineError):
    code = "E_PAGE_STALLED"
    remedy = "The machine is overloaded or its storage does not answer: give the file again when it is not."


class WorkerBroken(EngineError):
    code = "E_WORKER"
    remedy = "Run `scanledger doctor`; see what the process said."


class ClusterBroken(WorkerBroken):
    code = "E_CLUSTER"
    remedy = "See that the scheduler answers at this address, and what its workers say."


class StorageError(ScanledgerError):
    code = "E_STORAGE"
    remedy = "Free space, or make the output folder writable, and run again."


class ProofTimeout(ScanledgerError):
    code = "E_PROOF_TIMEOUT"
    remedy = "Split the file; if it is in order, raise proof_seconds in the settings."


class SuiteError(ScanledgerError):
    code = "E_SUITE"
    remedy = "Mend the suite file named here; nothing was exported."


class RunStopped(ScanledgerError):
    code = "E_STOPPED"
    remedy = "Finished pages are kept: run again to go on."
