# CPU time against round trip, a series for each way of waiting. Columns: round trip, CPU time, label.
set logscale xy 10
set format x '%.0s %cs'
set format y '%.0s %c@UNIT@'
set grid mxtics mytics
plot for [i=0:@SERIES@-1] '@NAME@.dat' index i using ($1*@SCALE@):($2*@SCALE@) \
       with points linestyle Style[i+1] title columnheader(1), \
     for [i=0:@SERIES@-1] '@NAME@.dat' index i using ($1*@SCALE@):($2*@SCALE@):3 \
       with labels left offset 0.7,-0.5 font ',9' textcolor rgb '#555555' notitle
