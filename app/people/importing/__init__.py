"""Reads the list that a Virtual School exports from its ePEP platform: ``flask --app app people import FILE``.

``reading`` turns a CSV or a workbook into plain rows, ``headings`` knows the columns, ``rows`` says what each cell means,
``applying`` works out what would change and changes it, ``report`` says it in sentences. docs/import.md is written for the people
who make the file.
"""
