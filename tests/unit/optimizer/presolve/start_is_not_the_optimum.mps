NAME        
ROWS
 N  Obj     
 L  r0      
 L  r1      
 L  r2      
 L  r3      
 L  r4      
 L  r5      
 L  r6      
 L  r7      
 L  r8      
 L  r9      
 L  r10     
 L  r11     
 L  r12     
 L  r13     
 L  r14     
 L  r15     
 L  r16     
 L  r17     
 L  r18     
 L  r19     
 L  r20     
 L  r21     
 L  r22     
 L  r23     
 L  r24     
 L  r25     
 L  r26     
 L  r27     
 L  r28     
 L  r29     
 L  r30     
 G  r31     
 L  r32     
 G  r33     
 L  r34     
 L  r35     
 G  r36     
 G  r37     
 L  r38     
 L  r39     
 L  r40     
 L  r41     
 L  r42     
 L  r43     
 L  r44     
 L  r45     
 L  r46     
 L  r47     
 L  r48     
 L  r49     
 L  r50     
 G  r51     
 G  r52     
 G  r53     
 L  r54     
 L  r55     
 G  r56     
 L  r57     
 G  r58     
 L  r59     
 G  r60     
 L  r61     
 G  r62     
 L  r63     
 G  r64     
 L  r65     
 G  r66     
 L  r67     
 G  r68     
 L  r69     
 G  r70     
 L  r71     
 G  r72     
 L  r73     
 G  r74     
 L  r75     
 G  r76     
 L  r77     
 G  r78     
 L  r79     
 L  r80     
 L  r81     
 G  r82     
 G  r83     
 G  r84     
 G  r85     
 G  r86     
 G  r87     
 G  r88     
 G  r89     
 G  r90     
 G  r91     
 L  r92     
 L  r93     
COLUMNS
    c0        r84       1
    c0        r85       1
    c1        r86       1
    c1        r87       1
    c2        r88       1
    c2        r89       1
    c3        r90       1
    c3        r91       1
    c4        Obj       48
    MARK0000  'MARKER'                 'INTORG'
    c5        r3        -1
    c5        r49       200
    c5        r52       -200
    c5        r53       -200
    c5        r54       -160
    c5        r93       200
    MARK0001  'MARKER'                 'INTEND'
    c6        r50       -1
    c6        r51       -200
    c7        r51       0.001
    c7        r52       0.001
    c7        r53       0.001
    c7        r54       0.001
    c7        r79       0.001
    c8        r51       0.001
    c8        r52       0.001
    c8        r53       0.001
    c8        r80       0.001
    c9        r59       0.001
    c9        r60       0.001
    c9        r79       0.001
    c10       r60       0.001
    c10       r80       0.001
    c11       r61       0.001
    c11       r62       0.001
    c11       r79       0.001
    c12       r62       0.001
    c12       r80       0.001
    c13       r63       0.001
    c13       r64       0.001
    c13       r79       0.001
    c14       r64       0.001
    c14       r80       0.001
    c15       r65       0.001
    c15       r66       0.001
    c15       r79       0.001
    c16       r66       0.001
    c16       r80       0.001
    c17       r67       0.001
    c17       r68       0.001
    c17       r79       0.001
    c18       r68       0.001
    c18       r80       0.001
    c19       r52       0.001
    c19       r53       0.001
    c19       r54       0.001
    c19       r79       0.001
    c20       r69       0.001
    c20       r70       0.001
    c20       r79       0.001
    c21       r70       0.001
    c21       r80       0.001
    MARK0002  'MARKER'                 'INTORG'
    c22       r71       0.001
    c22       r72       0.001
    c22       r79       0.001
    c23       r72       0.001
    c23       r80       0.001
    c24       r73       0.001
    c24       r74       0.001
    c24       r79       0.001
    c25       r74       0.001
    c25       r80       0.001
    c26       r75       0.001
    c26       r76       0.001
    c26       r79       0.001
    c27       r76       0.001
    c27       r80       0.001
    c28       r77       0.001
    c28       r78       0.001
    c28       r79       0.001
    c29       r78       0.001
    c29       r80       0.001
    MARK0003  'MARKER'                 'INTEND'
    c30       r52       0.001
    c30       r53       0.001
    c30       r80       0.001
    c31       r53       0.001
    c31       r54       0.001
    c31       r79       0.001
    c32       r53       0.001
    c32       r80       0.001
    c33       r55       0.001
    c33       r56       0.001
    c33       r79       0.001
    c34       r56       0.001
    c34       r80       0.001
    c35       r57       0.001
    c35       r58       0.001
    c35       r79       0.001
    c36       r58       0.001
    c36       r80       0.001
    c37       r6        1
    c37       r82       0.19704433497536944
    c37       r92       -197.04433497536945
    c38       r7        1
    c38       r82       0.18226600985221675
    c38       r92       -182.26600985221674
    c39       r16       1
    c39       r83       0.086157517899761338
    c40       r17       1
    c40       r83       0.25847255369928401
    c41       r18       1
    c41       r83       0.065871121718377085
    c42       r19       1
    c42       r83       0.18758949880668258
    c43       r20       1
    c43       r83       0.020047732696897375
    c44       r8        1
    c44       r82       0.10344827586206895
    c44       r92       -103.44827586206895
    c45       r9        1
    c45       r82       0.066502463054187194
    c45       r92       -66.502463054187189
    c46       r10       1
    c46       r82       0.19950738916256155
    c46       r92       -199.50738916256157
    c47       r11       1
    c47       r82       0.054187192118226604
    c47       r92       -54.187192118226605
    c48       r12       1
    c48       r82       0.12807881773399016
    c48       r92       -128.07881773399015
    c49       r13       1
    c49       r82       0.068965517241379309
    c49       r92       -68.965517241379303
    c50       r14       1
    c50       r83       0.095465393794749401
    c51       r15       1
    c51       r83       0.28639618138424822
    c52       r82       1
    c53       r83       1
    MARK0004  'MARKER'                 'INTORG'
    c54       Obj       -24
    c54       r0        1
    c54       r7        -1
    c54       r21       1
    c54       r22       1
    c54       r26       1
    c54       r27       1
    c54       r36       6
    c54       r40       3
    c54       r47       54
    c54       r81       1
    c54       r84       -1
    c54       r85       1
    c55       r0        1
    c55       r7        -1
    c55       r22       1
    c55       r26       1
    c55       r28       1
    c55       r29       1
    c55       r30       18
    c55       r36       6
    c55       r41       3
    c55       r48       54
    c55       r81       1
    c55       r84       1
    c55       r85       -1
    c56       r5        1
    c56       r14       -1
    c56       r16       -1
    c56       r17       -1
    c56       r49       50
    c56       r63       -12.5
    c56       r64       -50
    c56       r81       1
    c56       r86       -1
    c56       r87       1
    c56       r88       -1
    c56       r89       1
    c56       r93       50
    c57       r5        1
    c57       r14       -1
    c57       r16       -1
    c57       r17       -1
    c57       r31       1
    c57       r32       1
    c57       r49       50
    c57       r65       -12.5
    c57       r66       -50
    c57       r81       1
    c57       r86       1
    c57       r87       -1
    c57       r90       -1
    c57       r91       1
    c57       r93       50
    c58       r5        1
    c58       r14       -1
    c58       r16       -1
    c58       r17       -1
    c58       r33       1
    c58       r34       1
    c58       r35       1
    c58       r49       50
    c58       r65       -12.5
    c58       r66       -50
    c58       r81       1
    c58       r88       1
    c58       r89       -1
    c58       r90       1
    c58       r91       -1
    c58       r93       50
    c59       Obj       -24
    c59       r1        1
    c59       r9        -1
    c59       r10       -1
    c59       r26       1
    c59       r27       1
    c59       r84       -1
    c59       r85       1
    c60       r1        1
    c60       r9        -1
    c60       r10       -1
    c60       r26       1
    c60       r28       1
    c60       r29       1
    c60       r30       6
    c60       r81       -1
    c60       r84       1
    c60       r85       -1
    c61       r2        1
    c61       r3        1
    c61       r18       -1
    c61       r19       -1
    c61       r24       -1
    c61       r25       -1
    c61       r37       -12
    c61       r38       12
    c61       r42       54
    c61       r49       207
    c61       r50       1
    c61       r55       -40
    c61       r56       -50
    c61       r67       -21.600000000000001
    c61       r68       -27
    c61       r71       -104
    c61       r72       -130
    c61       r86       -2
    c61       r87       2
    c61       r88       -2
    c61       r89       2
    c61       r93       207
    c62       r2        1
    c62       r3        1
    c62       r18       -1
    c62       r19       -1
    c62       r25       -1
    c62       r31       2
    c62       r32       1
    c62       r37       -12
    c62       r39       12
    c62       r43       54
    c62       r49       207
    c62       r57       -40
    c62       r58       -50
    c62       r69       -21.600000000000001
    c62       r70       -27
    c62       r73       -104
    c62       r74       -130
    c62       r81       -1
    c62       r86       2
    c62       r87       -2
    c62       r90       -2
    c62       r91       2
    c62       r93       207
    c63       r2        1
    c63       r3        1
    c63       r18       -1
    c63       r19       -1
    c63       r33       2
    c63       r34       2
    c63       r35       1
    c63       r37       -12
    c63       r40       12
    c63       r44       54
    c63       r49       207
    c63       r57       -40
    c63       r58       -50
    c63       r69       -21.600000000000001
    c63       r70       -27
    c63       r73       -104
    c63       r74       -130
    c63       r88       2
    c63       r89       -2
    c63       r90       2
    c63       r91       -2
    c63       r93       207
    c64       r4        1
    c64       r14       -1
    c64       r23       1
    c64       r24       1
    c64       r25       1
    c64       r37       6
    c64       r38       3
    c64       r45       54
    c64       r49       160
    c64       r59       -120
    c64       r60       -150
    c64       r75       -8
    c64       r76       -10
    c64       r86       -1
    c64       r87       1
    c64       r88       -1
    c64       r89       1
    c64       r93       160
    c65       r4        1
    c65       r14       -1
    c65       r24       1
    c65       r25       1
    c65       r31       1
    c65       r32       1
    c65       r37       6
    c65       r39       3
    c65       r46       54
    c65       r49       160
    c65       r61       -120
    c65       r62       -150
    c65       r77       -8
    c65       r78       -10
    c65       r86       1
    c65       r87       -1
    c65       r90       -1
    c65       r91       1
    c65       r93       160
    c66       r4        1
    c66       r14       -1
    c66       r25       1
    c66       r33       1
    c66       r34       1
    c66       r35       1
    c66       r37       6
    c66       r40       3
    c66       r47       54
    c66       r49       160
    c66       r61       -120
    c66       r62       -150
    c66       r77       -8
    c66       r78       -10
    c66       r81       -1
    c66       r88       1
    c66       r89       -1
    c66       r90       1
    c66       r91       -1
    c66       r93       160
    MARK0005  'MARKER'                 'INTEND'
RHS
    RHS_V     r0        1
    RHS_V     r1        1
    RHS_V     r2        1
    RHS_V     r4        1
    RHS_V     r5        1
    RHS_V     r26       2.5
    RHS_V     r27       2
    RHS_V     r28       3
    RHS_V     r29       2
    RHS_V     r30       16.5
    RHS_V     r31       2
    RHS_V     r32       1
    RHS_V     r33       -1
    RHS_V     r34       1
    RHS_V     r35       1
    RHS_V     r37       -12
    RHS_V     r38       36
    RHS_V     r39       16
    RHS_V     r40       36
    RHS_V     r41       16
    RHS_V     r42       162
    RHS_V     r43       71
    RHS_V     r44       162
    RHS_V     r45       72
    RHS_V     r46       36
    RHS_V     r47       72
    RHS_V     r48       47
    RHS_V     r49       669
    RHS_V     r71       9.9999999999999986e-10
    RHS_V     r73       9.9999999999999986e-10
    RHS_V     r75       9.9999999999999986e-10
    RHS_V     r77       9.9999999999999986e-10
    RHS_V     r79       200
    RHS_V     r80       469
    RHS_V     r82       0.44827586206896558
    RHS_V     r88       -2
    RHS_V     r89       2
    RHS_V     r90       -2
    RHS_V     r91       2
    RHS_V     r92       -261.00982561576353
    RHS_V     r93       407.0000407
BOUNDS
 FX BOUND     c4        1
 BV BOUND     c5      
 UP BOUND     c6        1
 LI BOUND     c22       0
 LI BOUND     c23       0
 LI BOUND     c24       0
 LI BOUND     c25       0
 LI BOUND     c26       0
 LI BOUND     c27       0
 LI BOUND     c28       0
 LI BOUND     c29       0
 UP BOUND     c37       1
 UP BOUND     c38       1
 UP BOUND     c39       1
 UP BOUND     c40       1
 UP BOUND     c41       1
 UP BOUND     c42       1
 UP BOUND     c43       1
 UP BOUND     c44       1
 UP BOUND     c45       1
 UP BOUND     c46       1
 UP BOUND     c47       1
 UP BOUND     c48       1
 UP BOUND     c49       1
 UP BOUND     c50       1
 UP BOUND     c51       1
 UP BOUND     c52       1
 UP BOUND     c53       1
 BV BOUND     c54     
 BV BOUND     c55     
 BV BOUND     c56     
 BV BOUND     c57     
 BV BOUND     c58     
 BV BOUND     c59     
 BV BOUND     c60     
 BV BOUND     c61     
 BV BOUND     c62     
 BV BOUND     c63     
 BV BOUND     c64     
 BV BOUND     c65     
 BV BOUND     c66     
ENDATA
