"""Pages that stand in front of the forum, and its messages that refuse everything."""

from __future__ import annotations

from forum.frame import Visit, message
from forum.wire import Answer, page

_ERROR = """<!DOCTYPE html>
<html><head><title>{host} - {what} Error</title>
<meta http-equiv="Content-Type" content="text/html; charset={charset}" /></head>
<body><div id="container"><h1>Discuz! {what} Error</h1>
<div class='info'>{words}</div>
<div class="help"><a href="http://{host}">{host}</a> 已经将此出错信息详细记录, 由此给您带来的访问不便我们深感歉意.
</div>
</div></body></html>"""
_JUST_A_MOMENT = """<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>\
<meta name="robots" content="noindex,nofollow"></head><body><div class="main-wrapper" role="main"><noscript>\
<span id="challenge-error-text">Enable JavaScript and cookies to continue</span></noscript></div>\
<script>(function(){window._cf_chl_opt={cvId: "3"};var a=document.createElement("script");\
a.src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1";document.head.appendChild(a);}());</script></body></html>"""
_SCRIPT = (
    '<script type="text/javascript">function kQ(){return "x"+9;}var aa="/for",bb="um.php?mod=vi",cc="ewthread&tid=5",'
    'dd="&_ds",ee="ign=1f2e3d4c";var ff=kQ();if(ff.length>1){location.href=aa+bb+cc+dd+ee;}</script>'
)


def gate(visit: Visit, title: str, words: str, script: str = "") -> Answer:
    """One of the small pages without any mark of the forum."""
    charset = visit.forum.charset
    text = (
        f'<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset={charset}" />\n'
        f"<title>{title}</title>\n</head>\n<body>\n<div>{words}</div>\n{script}</body>\n</html>"
    )
    return page(text, charset)


def flood(visit: Visit) -> Answer:
    script = '<script>setTimeout("reload()", 1001);function reload() { document.location.reload(); }</script>\n'
    return gate(visit, "频繁刷新限制", "您访问本站速度过快或者刷新间隔时间小于两秒！请等待页面自动跳转 ...", script)


def proxy(visit: Visit) -> Answer:
    return gate(visit, "代理服务器访问限制", "本站现在限制使用代理服务器访问，请去除您的代理设置，直接访问本站。")


def ip_banned(visit: Visit) -> Answer:
    return gate(visit, "站点信息", "<p>您的 IP 地址不在允许范围内，无法访问本站点</p>")


def reload(visit: Visit) -> Answer:
    """The check for cookies: who brings the cookie back may pass, if the fault is a `wall`."""
    script = "<script>setTimeout('window.location.reload()', 1000);</script>\n"
    answer = gate(visit, "页面重载开启", "欢迎光临本站，页面正在重新载入，请稍候 ...", script)
    cookie = f"{visit.forum.cookie_prefix}lastrequest={int(visit.forum.now.timestamp())}; path=/"
    return answer.with_header("Set-Cookie", cookie)


def sum_to_solve(visit: Visit) -> Answer:
    question = "7 + 11 + 4 + 2 = ?"
    form = (
        f'<form action="" method="post" autocomplete="off"><b>{question}</b><br /><br /><input type="text" '
        'name="answer" size="8" /><input type="submit" name="secqsubmit" value=" Submit " /></form>'
    )
    return gate(visit, question, form)


def dsign(visit: Visit) -> Answer:
    """The bare script of the protection against theft."""
    return page(_SCRIPT, visit.forum.charset)


def cloudflare(status: int) -> Answer:
    return page(_JUST_A_MOMENT, status=status).with_header("cf-mitigated", "challenge")


def system_error(visit: Visit, what: str, status: int) -> Answer:
    words = {
        "System": "<li>您当前的访问请求当中含有非法字符，已经被系统拒绝</li>",
        "Database": '(1040) Too many connections<div class="sql">SELECT * FROM qsq_forum_thread</div>',
    }[what]
    charset = visit.forum.charset
    return page(_ERROR.format(host=visit.request.host, what=what, words=words, charset=charset), charset, status)


def told(visit: Visit, text: str, mood: str = "alert_error", *, login: bool = False, status: int = 200) -> Answer:
    """The forum's message page."""
    return page(message(visit, text, mood, login=login), visit.forum.charset, status)
