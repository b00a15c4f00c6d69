"""The portal: the same application in a browser, each session a process of its own, forked from a warm one."""
