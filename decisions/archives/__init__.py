"""A matter's file for the archives office 归档: everything public about it, in one package.

`visit` asks the portal as anyone may, `offline` lets its pages be read without it, `contents` says
what belongs in, `package` packs it so that anyone can check that nothing was changed since.
"""
