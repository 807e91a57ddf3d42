# A time against the silence before it, with the intervals of its medians. Columns: silence, median, low, high, longest.
set logscale xy 10
set format x '%.0s %cs'
set format y '%.0s %c@UNIT@'
set offsets graph 0.02, graph 0.02, 0, 0
plot for [i=0:@SERIES@-1] '@NAME@.dat' index i using ($1*@SCALE@):($2*@SCALE@):($3*@SCALE@):($4*@SCALE@) \
       with yerrorlines linestyle Style[i+1] title columnheader(1), \
     for [i=0:@SERIES@-1] '@NAME@.dat' index i using ($1*@SCALE@):($5*@SCALE@) \
       with points linestyle Style[i+1] pointtype 1 pointsize 1.4 notitle, \
     NaN with points pointtype 1 pointsize 1.4 linecolor rgb '#555555' title 'longest'
