"""What is wrong with bytes that somebody handed us: we do not believe them.

Every reader of the room ends in one of these errors and in no other. The codes are those of the wire
(quarantine and refusal); each leaf has one, or takes one of its own family.
"""


class EvidenceError(Exception):
    """We do not believe it. `code` is stable and may be shown to the partner, `detail` says what and where."""

    code: str
    detail: str

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class PageError(EvidenceError):
    """A page goes to quarantine whole: `page.*`."""


class ReceiptError(EvidenceError):
    """A receipt goes to quarantine: `receipt.malformed` or `receipt.signature_invalid`."""


class ResendError(EvidenceError):
    """A request to send again goes to quarantine: `resend.malformed`."""


class FileRecordError(EvidenceError):
    """A record of a file is thrown away: `want.malformed` or `blob.malformed`."""


class EntryError(EvidenceError):
    """One entry of a believed page is refused: `entry.*`."""


class CanonicalError(EvidenceError):
    """Bytes or values that are not the canonical JSON of this product: `json.not_canonical`."""

    def __init__(self, detail: str) -> None:
        super().__init__("json.not_canonical", detail)


class NoteError(EvidenceError):
    """Bytes that are no signed note, or no checkpoint: `note.malformed`."""

    def __init__(self, detail: str, code: str = "note.malformed") -> None:
        super().__init__(code, detail)


class NoteSignatureError(NoteError):
    """A cosignature that the named key did not make: `note.signature_invalid`."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, "note.signature_invalid")


class ProofError(EvidenceError):
    """A proof that proves nothing: `proof.invalid`."""

    def __init__(self, detail: str) -> None:
        super().__init__("proof.invalid", detail)


class KeyRefusedError(EvidenceError):
    """A public key that may not be registered: `key.refused`."""

    def __init__(self, detail: str) -> None:
        super().__init__("key.refused", detail)


class InvitationError(EvidenceError):
    """An invitation file that cannot be used: `invitation.malformed`; the detail names the field."""

    def __init__(self, detail: str) -> None:
        super().__init__("invitation.malformed", detail)
