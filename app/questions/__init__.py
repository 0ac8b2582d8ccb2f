"""Question sets as data: what is asked, in which order, in which words, and what an answer may be.

This room knows no person, no database and no page. It reads `bank/<set>.<version>.yaml` (English, the source) and
`bank/<language>/<set>.<version>.yaml` (translations), and gives the rooms above it:

- `library`    every set and version, checked; a version that has been published can no longer change;
- `choosing`   which sets a young person is asked, by school year;
- `conditions` which questions of a set are asked, given the answers so far;
- `wording`    the words of a question in a language, and whether they had to fall back to English;
- `types`      how each type of question reads, keeps, shows and feeds an answer.

To add a question type: write one class in one module under `types/` (subclass `QuestionType`, or `Picking` or
`Writing` when it is a relative of those), add it to the list in `types/__init__.py`, and give it one template part
and one case in `tests/questions/test_question_types.py`. Schema, conditions and time estimate follow by themselves.

To change or add wording: copy the set's file to the next version number, edit it, and run
`python -m app.questions.publish`. Ids are never changed and never reused.
"""
