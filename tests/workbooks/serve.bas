' What LibreOffice does for the tests: it answers one job after the other until it is ended (see office.py).
' A job is a file of steps, one a line: a word and what it needs, with tabs between them.
Option Explicit

Dim changed(20000) As Object, former(20000)
Dim changes As Long

Sub Main(folder As String)
    Dim job As String
    Dim idle As Long
    Do
        job = Dir(folder & "*.job")
        If job = "" Then
            ' To look a hundred times a second for minutes takes a twentieth of a processor.
            idle = idle + 1
            If idle < 50 Then
                Wait 10
            Else
                Wait 100
            End If
        Else
            idle = 0
            Answer folder & Left(job, Len(job) - 4)
        End If
    Loop
End Sub

Sub Answer(place As String)
    Dim steps, step_, number, told
    Dim book As Object
    told = "done"
    On Error Goto Failed
    steps = Split(ReadText(place & ".job"), Chr(10))
    For number = 0 To UBound(steps)
        step_ = Split(steps(number), Chr(9))
        Select Case step_(0)
            Case "recalculate"
                SetRecalculation CInt(step_(1))
            Case "open"
                book = StarDesktop.loadComponentFromURL(step_(1), "_blank", 0, Array(Setting("Hidden", True)))
                changes = 0
            Case "store"
                book.storeToURL(step_(2), Array(Setting("FilterName", step_(1))))
            Case "computed"
                WriteText step_(1), Computed(book)
            Case "lengthen"
                Lengthen book
            Case "unlock"
                Unlock book
            Case "set"
                SetCell CellOf(book, step_), step_(4), step_(5)
            Case "shown"
                WriteText step_(1), Shown(book, step_)
            Case "undo"
                Undo
            Case "sort"
                SortRows book, step_
            Case "close"
                book.close(True)
                book = Nothing
            Case Else
                Error 5
        End Select
    Next
    Goto Done
Failed:
    told = Error() & " at " & steps(number)
    Resume Clear
Clear:
    On Error Resume Next
    book.close(True)
Done:
    On Error Goto 0
    Kill place & ".job"
    WriteText place & ".new", told
    Name place & ".new" As place & ".done"
End Sub

Function Setting(key As String, value)
    Dim one As New com.sun.star.beans.PropertyValue
    one.Name = key
    one.Value = value
    Setting = one
End Function

' 0: every formula is computed anew when a workbook is opened; 1: never.
Sub SetRecalculation(mode As Integer)
    Dim place, settings
    place = Setting("nodepath", "/org.openoffice.Office.Calc/Formula/Load")
    settings = CreateUnoService("com.sun.star.configuration.ConfigurationProvider")
    settings = settings.createInstanceWithArguments( _
        "com.sun.star.configuration.ConfigurationUpdateAccess", Array(place))
    settings.OOXMLRecalcMode = mode
    settings.commitChanges()
End Sub

' What formulas come to, one a line: sheet, row and column, n (number), s (text, which keeps to its line) or e
' (error), and the value. To save a workbook takes longer than to compute it.
Function Computed(book As Object) As String
    Dim number, ranges, one, lines(), found As String
    For number = 0 To book.Sheets.Count - 1
        ranges = book.Sheets.getByIndex(number).queryContentCells(com.sun.star.sheet.CellFlags.FORMULA)
        If ranges.Count > 0 Then
            ReDim lines(ranges.Count - 1)
            For one = 0 To ranges.Count - 1
                lines(one) = ValuesOf(ranges.getByIndex(one))
            Next
            found = found & Join(lines, "")
        End If
    Next
    Computed = found
End Function

Function ValuesOf(cells As Object) As String
    Dim address, name, rows, row, column, value, found As String
    address = cells.RangeAddress
    name = cells.Spreadsheet.Name
    rows = cells.getDataArray()
    For row = 0 To UBound(rows)
        For column = 0 To UBound(rows(row))
            value = rows(row)(column)
            If VarType(value) = 8 Then
                value = "s" & Chr(9) & Join(Split(value, Chr(10)), Chr(30))
            ElseIf VarType(value) = 5 Then
                value = "n" & Chr(9) & Trim(Str(value))
            Else
                value = "e" & Chr(9)
            End If
            found = found & name & Chr(9) & (address.StartRow + row) & Chr(9) & _
                (address.StartColumn + column) & Chr(9) & value & Chr(10)
        Next
    Next
    ValuesOf = found
End Function

' Every sheet is printed on one page, as wide as before and so at the same scale: LibreOffice lays a whole
' sheet out anew for each page, which takes most of the time of a printout.
Sub Lengthen(book As Object)
    Dim number, styles
    styles = book.StyleFamilies.getByName("PageStyles")
    For number = 0 To styles.Count - 1
        styles.getByIndex(number).Height = 280000
    Next
    For number = 0 To book.Sheets.Count - 1
        book.Sheets.getByIndex(number).removeAllManualPageBreaks()
    Next
End Sub

' Sorts the rows of a stretch of cells by one of its columns, the largest first, as a reader would.
Sub SortRows(book As Object, step_)
    Dim cells, by(0) As New com.sun.star.table.TableSortField
    cells = book.Sheets.getByName(step_(1)).getCellRangeByPosition( _
        CLng(step_(3)), CLng(step_(2)), CLng(step_(5)), CLng(step_(4)))
    by(0).Field = CLng(step_(6))
    by(0).IsAscending = False
    cells.sort(Array(Setting("SortFields", by()), Setting("ContainsHeader", False)))
    book.calculateAll()
End Sub

Sub Unlock(book As Object)
    Dim number
    For number = 0 To book.Sheets.Count - 1
        book.Sheets.getByIndex(number).unprotect("")
    Next
End Sub

Function CellOf(book As Object, step_) As Object
    CellOf = book.Sheets.getByName(step_(1)).getCellByPosition(CLng(step_(3)), CLng(step_(2)))
End Function

Sub SetCell(cell As Object, kind As String, value As String)
    changed(changes) = cell
    former(changes) = cell.Formula
    changes = changes + 1
    If kind = "n" Then
        cell.Value = Val(value)
    Else
        cell.String = value
    End If
End Sub

Sub Undo()
    Do While changes > 0
        changes = changes - 1
        changed(changes).Formula = former(changes)
    Loop
End Sub

' The texts of cells, one a line: sheet, row and column of each follow the name of the file.
Function Shown(book As Object, step_) As String
    Dim at, found
    For at = 2 To UBound(step_) Step 3
        found = found & book.Sheets.getByName(step_(at)).getCellByPosition( _
            CLng(step_(at + 2)), CLng(step_(at + 1))).String & Chr(10)
    Next
    Shown = found
End Function

Function ReadText(path As String) As String
    Dim files, stream
    files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
    stream = CreateUnoService("com.sun.star.io.TextInputStream")
    stream.setInputStream(files.openFileRead(ConvertToURL(path)))
    stream.setEncoding("UTF-8")
    ReadText = stream.readString(Array(), False)
    stream.closeInput()
End Function

Sub WriteText(path As String, text As String)
    Dim files, stream
    files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
    stream = CreateUnoService("com.sun.star.io.TextOutputStream")
    stream.setOutputStream(files.openFileWrite(ConvertToURL(path)))
    stream.setEncoding("UTF-8")
    stream.writeString(text)
    stream.closeOutput()
End Sub
