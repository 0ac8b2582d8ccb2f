"""The words of 'What can I get?': its questions, their answers, and whom to ask. In the page's language."""

from __future__ import annotations

from flask_babel import gettext as _

from app.pathways.coded_values import YEARS

Options = list[tuple[str, str]]


def kind_words(help_kind: str) -> str:
    """Return what kind of help it is, in a word or two. A loan is always called a loan."""
    return {
        # TRANSLATORS: kind of help: money that one keeps
        "money": _("Money"),
        # TRANSLATORS: kind of help: a loan. Always say that it is paid back.
        "loan": _("Loan: you pay it back"),
        # TRANSLATORS: kind of help: money that goes to the school, not to the young person
        "money_to_school": _("Money for your learning, not in your hand"),
        # TRANSLATORS: kind of help: the law says that one gets it
        "right": _("Your right"),
        # TRANSLATORS: kind of help: something other than money
        "help": _("Help"),
        # TRANSLATORS: kind of help: something good to know
        "information": _("Good to know"),
    }[help_kind]


def role_to_ask(code: str) -> str:
    """Return whom to ask, in the middle of a sentence: used where the council's own list of contacts has no such role."""
    return {
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "vs_eet": _("the Virtual School team for education, jobs and training"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "vs_ie": _("the Virtual School team that helps when school is hard"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "designated_teacher": _("the teacher at school for children in care"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "social_worker": _("your social worker"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '. PA = personal adviser
        "pa": _("your personal adviser (PA) or social worker"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "carer": _("your carer"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "careers_adviser": _("the careers adviser at your school or college"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "ncs": _("the National Careers Service"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "college_student_services": _("student services at your college, or your school office"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "training_provider": _("your training provider, who teaches you beside the job"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "uni_contact": _("the person at the university who helps students from care"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "immigration_adviser": _("your lawyer or immigration adviser"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '. NYAS is the name of an organisation.
        "nyas": _("an advocate from NYAS"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '. Become is the name of a charity.
        "become": _("the Become advice line"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "youth_hub": _("the Youth Employment Hub"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '
        "jobcentre": _("the Jobcentre"),
        # TRANSLATORS: whom a young person can ask; stands after 'Ask: '. SEND = special educational needs and disabilities
        "sen_team": _("the council's SEND team"),
    }[code]


def year_words(code: str) -> str:
    """Return a school year."""
    if code == "R":
        # TRANSLATORS: the first school year in England, age 4 to 5
        return _("Reception")
    if code == "post18":
        # TRANSLATORS: a choice for the school year: older than Year 13
        return _("After Year 13")
    # TRANSLATORS: a school year in England, such as Year 9
    return _("Year %(number)s", number=code.removeprefix("Y"))


def years() -> Options:
    """Return every school year."""
    return [(code, year_words(code)) for code in YEARS]


def care_options() -> Options:
    """Return the answers to 'Are you in care, or were you?'."""
    return [
        # TRANSLATORS: answer to 'Are you in care, or were you?'
        ("in", _("Yes, I am in care now")),
        # TRANSLATORS: answer to 'Are you in care, or were you?'
        ("left", _("I was in care, and I left")),
        # TRANSLATORS: answer to 'Are you in care, or were you?'
        ("other", _("I was in care, then I was adopted or got a guardian")),
        # TRANSLATORS: answer to 'Are you in care, or were you?'
        ("family", _("I live with other family or friends, and was not in care")),
        # TRANSLATORS: answer to 'Are you in care, or were you?'
        ("never", _("No")),
        # TRANSLATORS: answer to 'Are you in care, or were you?'
        ("unsure", _("I am not sure")),
    ]


def care_more_question(question: str) -> str:
    """Return the one question after 'Are you in care, or were you?'."""
    return {
        # TRANSLATORS: question to somebody of 16 or 17 who is in care
        "in": _("Since you turned 14, how long were you in care, all together?"),
        # TRANSLATORS: question to somebody who left care
        "left": _("When were you in care, and how long?"),
        # TRANSLATORS: question to somebody who was in care before
        "other": _("Which of these is you?"),
    }[question]


def care_more_options(question: str) -> Options:
    """Return its answers, 'I am not sure' first."""
    # TRANSLATORS: answer, when somebody does not know
    unsure = ("", _("I am not sure"))
    if question == "in":
        # TRANSLATORS: answer: how long somebody was in care
        long = _("13 weeks or more (about 3 months)")
        # TRANSLATORS: answer: how long somebody was in care
        short = _("Less than 13 weeks")
        return [unsure, ("long", long), ("short", short)]
    if question == "left":
        return [
            unsure,
            # TRANSLATORS: answer: how long somebody was in care
            ("long", _("13 weeks or more since I was 14, and I was still in care when I turned 16")),
            # TRANSLATORS: answer: how long somebody was in care
            ("short", _("Less than 13 weeks, and I left after I turned 16")),
            # TRANSLATORS: answer: how long somebody was in care
            ("before_16", _("I left before I turned 16")),
        ]
    # TRANSLATORS: answer: what happened after care
    adopted = _("I was adopted")
    # TRANSLATORS: answer: what happened after care; a special guardian is named by a court
    guardian = _("I got a special guardian")
    return [unsure, ("adopted", adopted), ("guardian", guardian)]


def now_options() -> Options:
    """Return the answers to 'What do you do now?'."""
    return [
        # TRANSLATORS: answer to 'What do you do now?'
        ("school", _("I go to school")),
        # TRANSLATORS: answer to 'What do you do now?'
        ("p16_education", _("I go to college or sixth form")),
        # TRANSLATORS: answer to 'What do you do now?'
        ("he", _("I go to university")),
        # TRANSLATORS: answer to 'What do you do now?'
        ("apprenticeship", _("I am an apprentice")),
        # TRANSLATORS: answer to 'What do you do now?'
        ("training_unpaid", _("I do training without pay")),
        # TRANSLATORS: answer to 'What do you do now?'
        ("work_with_training", _("I work, and I do training too")),
        # TRANSLATORS: answer to 'What do you do now?'
        ("work", _("I work")),
        # TRANSLATORS: answer to 'What do you do now?'
        ("volunteering", _("I volunteer")),
        # TRANSLATORS: answer to 'What do you do now?'
        ("neet_seeking", _("I look for a place or a job")),
        # TRANSLATORS: answer to 'What do you do now?'
        ("neet_not_available", _("I can't right now: I am ill, I am a parent, or I look after someone")),
    ]


def next_options() -> Options:
    """Return the answers to 'What would you like to do next?'."""
    return [
        # TRANSLATORS: answer to 'What would you like to do next?'
        ("p16_education", _("Go to college or sixth form")),
        # TRANSLATORS: answer to 'What would you like to do next?'
        ("apprenticeship", _("Be an apprentice: work, learn and get paid")),
        # TRANSLATORS: answer to 'What would you like to do next?'
        ("he", _("Go to university")),
        # TRANSLATORS: answer to 'What would you like to do next?'
        ("work", _("Get a job")),
        # TRANSLATORS: answer to 'What would you like to do next?'
        ("training_unpaid", _("Do a training course")),
    ]


def as_if(chosen: str) -> str:
    """Return the line that says for which plan the answers hold, or nothing."""
    return {
        # TRANSLATORS: above a list: it is worked out as if the young person were there already
        "p16_education": _("This is what you could get at college or sixth form."),
        # TRANSLATORS: above a list: it is worked out as if the young person were there already
        "apprenticeship": _("This is what you could get as an apprentice."),
        # TRANSLATORS: above a list: it is worked out as if the young person were there already
        "he": _("This is what you could get at university."),
        # TRANSLATORS: above a list: it is worked out as if the young person were there already
        "work": _("This is what you could get in a job."),
        # TRANSLATORS: above a list: it is worked out as if the young person were there already
        "training_unpaid": _("This is what you could get on a training course."),
    }.get(chosen, "")


def abroad_options() -> Options:
    """Return the answers to 'Did you come to England from another country?', the one that says nothing first."""
    return [
        # TRANSLATORS: first answer to a question that nobody has to answer
        ("", _("I'd rather not say")),
        # TRANSLATORS: answer to 'Did you come to England from another country?'
        ("no", _("No. I am British or Irish, and I have lived here for 3 years or more")),
        # TRANSLATORS: answer to 'Did you come to England from another country?'
        ("yes", _("Yes")),
        # TRANSLATORS: answer to 'Did you come to England from another country?'
        ("unsure", _("I am not sure")),
    ]


def status_options() -> Options:
    """Return the answers to 'What do your papers say?', the one that says nothing first (handbook, pathways 2)."""
    return [
        # TRANSLATORS: first answer to a question that nobody has to answer
        ("", _("I'd rather not say")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("asylum_pending", _("I asked for asylum, and I wait for the answer")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("refugee", _("I am a refugee: the Home Office said yes")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("humanitarian_protection", _("I have humanitarian protection")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("uasc_leave", _("I can stay for a time because I came as a child alone (UASC leave)")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("scheme_leave", _("I came with a plan for people from Ukraine or Afghanistan, or one like it")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("s67_calais_stateless", _("I have section 67, Calais or stateless leave")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("other_limited_leave", _("I can stay for a time, for another reason")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("extension_pending", _("My time to stay was ending. I asked for more in time, and I wait")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("refused_appeal_pending", _("They said no. A judge will look at it again (appeal)")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("appeal_rights_exhausted", _("They said no, and there is no appeal left")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("settled", _("I am settled: I can stay for as long as I like")),
        # TRANSLATORS: answer about immigration papers; use the words that people here know
        ("uk_irish", _("I am British or Irish now")),
    ]


def more_questions() -> list[tuple[str, str, Options]]:
    """Return the small questions that nobody has to answer: name, words, answers."""
    # TRANSLATORS: answers to a small question
    yes_no = [("yes", _("Yes")), ("no", _("No"))]
    english = [
        # TRANSLATORS: answer to 'How is your English?'
        ("entry", _("I am learning the first words and sentences")),
        # TRANSLATORS: answer to 'How is your English?'
        ("l1", _("I can talk about most things")),
        # TRANSLATORS: answer to 'How is your English?'
        ("l2", _("Good enough for GCSE")),
        # TRANSLATORS: answer to 'How is your English?'
        ("fluent", _("I grew up with it")),
    ]
    # TRANSLATORS: answer to 'How long is your course?'
    one_year = _("1 year")
    # TRANSLATORS: answer to 'How long is your course?'
    longer = _("2 years or more")
    length = [("1", one_year), ("2", longer)]
    return [
        # TRANSLATORS: a small question on 'What can I get?'
        ("lives_in_cpca_area", _("Do you live in Peterborough or Cambridgeshire?"), yes_no),
        # TRANSLATORS: a small question; an EHC plan is a plan for special educational needs
        ("ehcp", _("Do you have an EHC plan?"), yes_no),
        # TRANSLATORS: a small question on 'What can I get?'
        ("has_disability_or_condition", _("Are you disabled, or do you have dyslexia or a long illness?"), yes_no),
        # TRANSLATORS: a small question on 'What can I get?'
        ("is_parent", _("Do you have a child of your own?"), yes_no),
        # TRANSLATORS: a small question on 'What can I get?'
        ("english_level", _("How is your English?"), english),
        # TRANSLATORS: a small question on 'What can I get?'
        ("has_gcse4_eng_maths", _("Do you have grade 4 in GCSE English and maths?"), yes_no),
        # TRANSLATORS: a small question on 'What can I get?'
        ("he_course_years", _("Going to university? How long is your course?"), length),
        # TRANSLATORS: a small question; a pathway plan is the plan of a young person who leaves care
        ("in_pathway_plan", _("Is that course in your pathway plan?"), yes_no),
        # TRANSLATORS: a small question on 'What can I get?'
        ("had_app_bursary", _("Did you get the apprentice bursary for care leavers before?"), yes_no),
    ]
