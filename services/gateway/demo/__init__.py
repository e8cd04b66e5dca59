"""The demo: a CMO and an MAH gateway as two processes of their own, paired, under one agreement, with a short story.

It starts them by their command lines and speaks with them over HTTP, as anybody would; everything it keeps is in
`.demo` of the working directory. All firms and people in it are invented and marked 示例.
"""
