# A figure against the rate of messages, with the intervals of its medians. Columns: rate, figure, low, high, another
# figure. Behind the series stand their saturations: rate, low, high; they are marked on the axis of rates.
set logscale xy 10
set format x '%.0s %c/s'
set format y '%.0s %c@UNIT@'
set autoscale xfix
set offsets graph 0.03, graph 0.03, 0, 0
Step = (Ratio > 1.1 ? Ratio : 1.1)**0.03
Bottom = @LOW@*@SCALE@/Step**3
set yrange [Bottom:@HIGH@*@SCALE@*Step]
plot for [i=0:@SERIES@-1] '@NAME@.dat' index i+@SERIES@ using 1:(Bottom):(0):(Bottom*(Step**2-1)) \
       with vectors filled head size screen 0.006,25 linestyle Style[i+1] linewidth 2 notitle, \
     for [i=0:@SERIES@-1] '@NAME@.dat' index i using 1:($5*@SCALE@) \
       with linespoints linestyle Style[i+1] linewidth 1.2 pointsize 0.4 dashtype 2 notitle, \
     for [i=0:@SERIES@-1] '@NAME@.dat' index i using 1:($2*@SCALE@):($3*@SCALE@):($4*@SCALE@) \
       with yerrorlines linestyle Style[i+1] title columnheader(1), \
     '@NAME@.dat' index 0 using (NaN):(NaN) \
       with lines linewidth 1.2 dashtype 2 linecolor rgb '#555555' title '@SECOND@', \
     '@NAME@.dat' index 0 using (NaN):(NaN):(NaN):(NaN) \
       with vectors filled head size screen 0.006,25 linewidth 2 linecolor rgb '#555555' title '@ARROW@'
