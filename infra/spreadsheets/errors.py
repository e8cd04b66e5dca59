"""Why a file cannot be read as a spreadsheet; each text says what would be right."""

from infra.errors import InfraError


class SpreadsheetError(InfraError):
    """The file cannot be read as a spreadsheet."""

    code = "spreadsheet.unusable"


class FileUnreachableError(SpreadsheetError):
    """The system does not let us read the file."""

    code = "spreadsheet.unreachable"


class EmptyFileError(SpreadsheetError):
    """There is nothing in the file, or nothing in its sheet."""

    code = "spreadsheet.empty"


class EncryptedFileError(SpreadsheetError):
    """The file is protected by a password."""

    code = "spreadsheet.encrypted"


class NotASpreadsheetError(SpreadsheetError):
    """The file is something else, whatever its name says."""

    code = "spreadsheet.not_one"


class DamagedFileError(SpreadsheetError):
    """The file is a spreadsheet that was cut off or changed."""

    code = "spreadsheet.damaged"


class SheetMissingError(SpreadsheetError):
    """The workbook has no sheet of that name."""

    code = "spreadsheet.no_sheet"


class TooLargeError(SpreadsheetError):
    """The file, unpacked, or the area its cells span is beyond what is read."""

    code = "spreadsheet.too_large"
