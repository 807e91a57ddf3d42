# Round trips at each percentile. Columns: 1/(1-p), ns.
set logscale x 10
set logscale y 10
set xtics ('50 %%' 2, '90 %%' 10, '99 %%' 100, '99.9 %%' 1000, '99.99 %%' 10000, '99.999 %%' 100000)
set format y '%.0s %c@UNIT@'
plot for [i=0:@SERIES@-1] '@NAME@.dat' index i using 1:($2*@SCALE@) \
       with linespoints linestyle Style[i+1] pointinterval 10 title columnheader(1), \
     for [i=@SERIES@:@SERIES@+@FLOORS@-1] '@NAME@.dat' index i using 1:($2*@SCALE@) \
       with lines linestyle 99 title columnheader(1)
