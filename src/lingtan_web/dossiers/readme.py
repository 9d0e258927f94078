"""The page of words that lies in an exported zip, beside the tables.

The tables of a zip say what the dossier says, letter for letter: the file is read back, and programs and
people's own scripts read it too. A mark before `=`, `+`, `-` or `@` (as is often advised for CSV) would be
another text: a name may begin with it, and so would a negative number. So nothing is added, and people are
told what a spreadsheet makes of such text, and that the workbook is the file to open in one.
"""

NAME = "README.md"
TEXT = """# 零碳园区档案 Lingtan dossier

park.yaml 是园区信息，registers/ 是登记表（CSV，UTF-8），evidence/ 是证明材料，readings/ 是读数。
在系统的“导入”中选择这个 ZIP，即可原样读回，逐格相等。

请勿直接用 Excel 打开这些 CSV：Excel 会把以 = + - @ 开头的文字当作公式执行，也会改写日期和前导零。
要在 Excel 中查看或填写，请用“导出 Excel”，那里的每个文字单元格都是文字；
必须用 CSV 时，请从 Excel 的“数据 › 自文本/CSV”导入，并把各列设为“文本”。

park.yaml holds the facts of the park, registers/ the registers (CSV, UTF-8), evidence/ and readings/ the
files. Choose this ZIP under “Import” and it is read back as it was, equal to the last cell.

Do not open these CSV files in Excel directly: it runs text that begins with = + - @ as a formula, and it
rewrites dates and leading zeros. To look at the data or fill them in with Excel, use “Export to Excel”,
where every cell of text is text; where it has to be CSV, import it by “Data › From Text/CSV” with every
column as text.
"""
