"""The explorer: released figures by place, group and month, and where in the journey a gap opens."""
