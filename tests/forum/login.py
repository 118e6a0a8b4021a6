"""The forum's own login, as its form posts it."""

from __future__ import annotations

from forum import pages, walls
from forum.frame import Visit
from forum.wire import Answer


def log_in(visit: Visit) -> Answer:
    """Check the form in the order of the software: its hash, the captcha, name and password, the question."""
    forum, form = visit.forum, visit.request.form(visit.forum.charset)
    if visit.request.query.get("loginsubmit") != "yes" or form.get("formhash") != visit.formhash:
        return walls.told(visit, "抱歉，您的请求来路不正确或表单验证串不符，无法提交")
    if forum.attempts_left <= 0:
        return walls.told(visit, "密码错误次数过多，请 15 分钟后重新登录")
    if forum.captcha and form.get("seccodeverify") != forum.captcha_answer:
        return walls.told(visit, "抱歉，验证码填写错误")
    member = forum.members.get(form.get("username", ""))
    if member is None or form.get("password") != member.password:
        forum.attempts_left -= 1
        if forum.attempts_left <= 0:
            return walls.told(visit, "密码错误次数过多，请 15 分钟后重新登录")
        return walls.told(visit, f"登录失败，您还可以尝试 {forum.attempts_left} 次")
    if member.question and form.get("questionid") != str(member.question):
        return walls.told(visit, "请选择安全提问以及填写正确的答案")
    if member.question and form.get("answer") != member.answer:
        return walls.told(visit, "抱歉，安全提问答案填写错误，请重新填写")
    given = walls.told(visit, pages.welcome(member, form.get("referer", visit.site)), "alert_right")
    cookie = f"{forum.cookie_prefix}auth={forum.session(member)}{forum.cookie_attributes}"
    given.headers.append(("Set-Cookie", cookie))
    return given
