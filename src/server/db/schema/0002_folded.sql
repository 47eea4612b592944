-- One row: by which rules the tickets' sort keys and haystacks were folded.
CREATE TABLE folded (rules TEXT NOT NULL) STRICT;
