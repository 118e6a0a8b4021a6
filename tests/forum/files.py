"""Files of a post, in its text and below it."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from urllib.parse import quote

from forum.data import File, Thread
from forum.frame import Visit, minute

_SIZES = ((1 << 20, "MB"), (1 << 10, "KB"))


def token(visit: Visit, thread: Thread, file: File) -> str:
    """The token of a link to a file, with the moment and the viewer in it."""
    viewer = visit.member.author.uid if visit.member else 0
    plain = f"{file.aid}|1b2c3d4e|{int(visit.forum.now.timestamp())}|{viewer}|{thread.tid}"
    return quote(b64encode(plain.encode()).decode(), safe="")


def _token_link(visit: Visit, thread: Thread, file: File) -> str:
    return f"forum.php?mod=attachment&amp;aid={token(visit, thread, file)}"


def _picture(visit: Visit, thread: Thread, file: File, name: str) -> str:
    link = _token_link(visit, thread, file) + "&amp;noupdate=yes" if file.by_token else file.path
    url = escape(file.url) if file.url is not None else link
    return (
        f'<img id="aimg_{file.aid}" aid="{file.aid}" src="static/image/common/none.gif" zoomfile="{url}" file="{url}" '
        f'class="zoom" onclick="zoom(this, this.src, 0, 0, 0)" width="300"{name} />'
    )


def _size(count: int) -> str:
    for unit, name in _SIZES:
        if count >= unit:
            return f"{round(count / unit, 2):g} {name}"
    return f"{count} Bytes"


def placed(visit: Visit, thread: Thread, file: File) -> str:
    """A file in the text. A picture's name stands in its hidden menu only."""
    link, name, uploaded = _token_link(visit, thread, file), escape(file.name), minute(visit.forum.now)
    told = f'<em class="xg1">({_size(len(file.data))}, 下载次数: 3)</em>'
    if file.image:
        return f"""
<ignore_js_op>
{_picture(visit, thread, file, ' inpost="1"')}
<div class="tip tip_4 aimg_tip" id="aimg_{file.aid}_menu" style="position: absolute; display: none"><div class="xs0">
<p><strong>{name}</strong> {told}</p>
<p><a href="{link}&amp;nothumb=yes" target="_blank">下载附件</a></p><p class="xg1 y">{uploaded} 上传</p>
</div><div class="tip_horn"></div></div>
</ignore_js_op>
"""
    url = escape(file.url) if file.url is not None else link if file.by_token else file.path
    return f"""
<ignore_js_op>
<img src="static/image/filetype/zip.gif" border="0" class="vm" alt="" />
<span style="white-space: nowrap" id="attach_{file.aid}"><a href="{url}" target="_blank">{name}</a>
{told}</span>
<div class="tip tip_4" id="attach_{file.aid}_menu" style="display: none"><div class="tip_c xs0">
<div class="y">{uploaded} 上传</div>点击文件名下载附件</div><div class="tip_horn"></div></div>
</ignore_js_op>
"""


def listed(visit: Visit, thread: Thread, file: File) -> str:
    """A file in the list below the text."""
    link, name, aid = _token_link(visit, thread, file), escape(file.name), file.aid
    menu = (
        f'<div class="tip tip_4" id="aid{aid}_menu" style="display: none"><div><p><a href="{link}&amp;nothumb=yes">'
        f'下载附件</a></p><p><span class="y">{minute(visit.forum.now)} 上传</span></p></div></div>'
    )
    if file.image:
        return f"""<ignore_js_op><dl class="tattl attm"><dt></dt><dd>
<p class="mbn"><a href="{link}&amp;nothumb=yes" id="aid{aid}" class="xw1" target="_blank">{name}</a>
<em class="xg1">({_size(len(file.data))}, 下载次数: 3)</em></p>
{menu}<div class="mbn savephotop">{_picture(visit, thread, file, f' alt="{name}" title="{name}" w="300"')}</div>
</dd></dl></ignore_js_op>"""
    url = escape(file.url) if file.url is not None else link if file.by_token else file.path
    return f"""<ignore_js_op><dl class="tattl">
<dt><img src="static/image/filetype/zip.gif" class="vm" alt="" /></dt><dd>
<p class="attnm"><a href="{url}" id="aid{aid}" target="_blank">{name}</a></p>
{menu}<p>{_size(len(file.data))}, 下载次数: 3</p>
</dd></dl></ignore_js_op>"""
