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
 L  r31     
 L  r32     
 L  r33     
 L  r34     
 L  r35     
 G  r36     
 G  r37     
 G  r38     
 E  r39     
 E  r40     
 E  r41     
 E  r42     
 L  r43     
 L  r44     
 L  r45     
 L  r46     
 L  r47     
 L  r48     
 L  r49     
 L  r50     
 L  r51     
 L  r52     
 L  r53     
 L  r54     
 L  r55     
 L  r56     
 G  r57     
 G  r58     
 G  r59     
 G  r60     
 G  r61     
 G  r62     
 L  r63     
 L  r64     
 L  r65     
 L  r66     
 L  r67     
 L  r68     
 G  r69     
 L  r70     
 G  r71     
 L  r72     
 G  r73     
 L  r74     
 G  r75     
 L  r76     
 L  r77     
 G  r78     
 L  r79     
 G  r80     
 L  r81     
 G  r82     
 L  r83     
 L  r84     
 G  r85     
 G  r86     
 G  r87     
 G  r88     
 G  r89     
 G  r90     
 G  r91     
 G  r92     
 G  r93     
 L  r94     
 G  r95     
 G  r96     
 G  r97     
 G  r98     
 G  r99     
 G  r100    
COLUMNS
    MARK0000  'MARKER'                 'INTORG'
    c0        r70       -1
    c0        r71       -42
    c1        r72       -1
    c1        r73       -42
    c2        r74       -1
    c2        r75       -48
    c3        r76       -1
    c3        r77       -1
    c3        r78       -48
    c4        r79       -1
    c4        r80       -49
    c5        r81       -1
    c5        r82       -49
    c6        r83       -1
    c6        r84       -1
    c6        r85       -49
    MARK0001  'MARKER'                 'INTEND'
    c7        r95       1
    c7        r96       1
    c8        r97       1
    c8        r98       1
    c8        r99       1
    c8        r100      1
    c9        r94       1
    c10       Obj       0
    MARK0002  'MARKER'                 'INTORG'
    c11       r1        -1
    c11       r8        -1
    c11       r51       500
    c11       r59       -500
    c12       r5        -1
    c12       r11       -1
    c12       r51       500
    c12       r59       -500
    MARK0003  'MARKER'                 'INTEND'
    c13       r52       -1
    c13       r57       -500
    c14       r53       -1
    c14       r54       -1
    c14       r58       -500
    c15       r55       -1
    c15       r56       -1
    c15       r58       -500
    c16       r63       -0.001
    c16       r66       0.001
    c17       r57       0.001
    c17       r58       0.001
    c17       r59       0.001
    c17       r66       0.001
    c18       r57       0.001
    c18       r58       0.001
    c18       r59       0.001
    c18       r64       0.001
    c19       r58       0.001
    c19       r59       0.001
    c19       r63       0.001
    c20       r58       0.001
    c20       r59       0.001
    c20       r65       0.001
    c21       r59       0.001
    c21       r66       0.001
    c22       r60       0.001
    c22       r66       0.001
    c23       r60       0.001
    c23       r64       0.001
    c24       r61       0.001
    c24       r63       0.001
    c25       r61       0.001
    c25       r65       0.001
    c26       r62       0.001
    c26       r66       0.001
    MARK0004  'MARKER'                 'INTORG'
    c27       r88       0.5
    c27       r89       0.5
    c27       r90       0.5
    c27       r91       0.5
    c27       r92       0.5
    c27       r93       0.5
    MARK0005  'MARKER'                 'INTEND'
    c28       r13       1
    c28       r69       0.0974025974025974
    c28       r86       0.0974025974025974
    c28       r94       -1.875
    c29       r14       1
    c29       r69       0.0974025974025974
    c29       r86       0.0974025974025974
    c29       r94       -1.875
    c30       r23       1
    c30       r87       0.106060606060606
    c31       r24       1
    c31       r87       0.0696969696969697
    c32       r25       1
    c32       r87       0.0696969696969697
    c33       r26       1
    c33       r87       0.0696969696969697
    c34       r27       1
    c34       r87       0.348484848484849
    c35       r15       1
    c35       r69       0.38961038961039
    c35       r86       0.38961038961039
    c35       r94       -7.5
    c36       r16       1
    c36       r69       0.0519480519480519
    c36       r86       0.0519480519480519
    c36       r94       -1
    c37       r17       1
    c37       r69       0.0519480519480519
    c37       r86       0.0519480519480519
    c37       r94       -1
    c38       r18       1
    c38       r69       0.0519480519480519
    c38       r86       0.0519480519480519
    c38       r94       -1
    c39       r19       1
    c39       r69       0.25974025974026
    c39       r86       0.25974025974026
    c39       r94       -5
    c40       r20       1
    c40       r87       0.0666666666666667
    c41       r21       1
    c41       r87       0.0666666666666667
    c42       r22       1
    c42       r87       0.203030303030303
    c43       Obj       533.333333333333
    c43       r86       1
    c44       Obj       466.666666666667
    c44       r87       1
    MARK0006  'MARKER'                 'INTORG'
    c45       r38       36
    c45       r39       1
    c45       r45       216
    c46       r38       36
    c46       r39       1
    c46       r49       72
    c46       r51       36
    c46       r61       -36
    c47       r38       36
    c47       r40       1
    c47       r46       216
    c48       r38       36
    c48       r40       1
    c48       r50       72
    c48       r51       36
    c48       r62       -36
    c49       r38       48
    c49       r41       1
    c49       r45       144
    c49       r46       144
    c50       r38       48
    c50       r41       1
    c50       r49       48
    c50       r50       48
    c50       r51       48
    c50       r61       -24
    c50       r62       -24
    c51       r42       1
    c51       r43       144
    c51       r44       144
    c51       r45       144
    c51       r46       144
    c52       r42       1
    c52       r47       48
    c52       r48       48
    c52       r49       48
    c52       r50       48
    c53       r0        1
    c53       r1        1
    c53       r13       -1
    c53       r14       -1
    c53       r31       -1
    c53       r36       -1.8
    c53       r38       -18
    c53       r51       50
    c53       r54       1
    c53       r61       -50
    c53       r67       1
    c53       r88       -2
    c53       r95       -2
    c53       r96       2
    c54       r0        1
    c54       r1        1
    c54       r13       -1
    c54       r14       -1
    c54       r35       2
    c54       r36       -1.8
    c54       r38       -18
    c54       r51       50
    c54       r62       -50
    c54       r67       1
    c54       r89       -2
    c54       r95       2
    c54       r96       -2
    c55       r9        1
    c55       r20       -1
    c55       r21       -1
    c55       r29       1
    c55       r37       -14.4
    c55       r67       1
    c55       r68       1
    c55       r74       1
    c55       r75       42
    c55       r77       1
    c55       r78       42
    c55       r92       -1
    c55       r97       1
    c55       r98       -1
    c55       r99       0.25
    c55       r100      -0.25
    c56       r10       1
    c56       r11       1
    c56       r24       -1
    c56       r25       -1
    c56       r33       1
    c56       r37       33.6
    c56       r56       1
    c56       r67       1
    c56       r79       1
    c56       r80       42
    c56       r84       1
    c56       r85       42
    c56       r92       -2
    c56       r97       2
    c56       r98       -2
    c56       r99       -1
    c56       r100      1
    c57       r12       1
    c57       r34       1
    c57       r37       30
    c57       r42       -1
    c57       r67       1
    c57       r68       1
    c57       r91       -1
    c57       r92       -1
    c58       r2        1
    c58       r16       -1
    c58       r31       -1
    c58       r36       18
    c58       r38       -36
    c58       r39       -1
    c58       r51       100
    c58       r61       -100
    c58       r70       1
    c58       r71       48
    c58       r88       -1.5
    c58       r95       -1.5
    c58       r96       1.5
    c59       r2        1
    c59       r16       -1
    c59       r35       1.5
    c59       r36       18
    c59       r38       -36
    c59       r40       -1
    c59       r51       100
    c59       r62       -100
    c59       r67       -1
    c59       r72       1
    c59       r73       48
    c59       r89       -1.5
    c59       r95       1.5
    c59       r96       -1.5
    c60       r3        1
    c60       r13       -1
    c60       r14       -1
    c60       r28       1
    c60       r35       1
    c60       r36       -14.4
    c60       r67       1
    c60       r76       1
    c60       r78       48
    c60       r89       -1
    c60       r95       1
    c60       r96       -1
    c61       r4        1
    c61       r5        1
    c61       r16       -1
    c61       r17       -1
    c61       r30       1
    c61       r31       1
    c61       r36       33.6
    c61       r38       -48
    c61       r55       1
    c61       r67       1
    c61       r81       1
    c61       r82       48
    c61       r88       -2
    c61       r95       -2
    c61       r96       2
    c62       r4        1
    c62       r5        1
    c62       r16       -1
    c62       r17       -1
    c62       r31       1
    c62       r35       2
    c62       r36       33.6
    c62       r38       -48
    c62       r67       1
    c62       r83       1
    c62       r85       48
    c62       r89       -2
    c62       r95       2
    c62       r96       -2
    c63       r6        1
    c63       r32       1
    c63       r35       1
    c63       r36       30
    c63       r38       -48
    c63       r41       -1
    c63       r51       100
    c63       r61       -50
    c63       r62       -50
    c63       r67       1
    c63       r88       -1
    c63       r89       -1
    c64       r7        1
    c64       r8        1
    c64       r20       -1
    c64       r21       -1
    c64       r33       -1
    c64       r37       -1.8
    c64       r51       50
    c64       r52       1
    c64       r53       1
    c64       r60       -50
    c64       r68       1
    c64       r91       -2
    c64       r97       -2
    c64       r98       2
    c64       r99       1
    c64       r100      -1
    c65       r7        1
    c65       r8        1
    c65       r20       -1
    c65       r21       -1
    c65       r37       -1.8
    c65       r51       50
    c65       r53       1
    c65       r61       -50
    c65       r67       -1
    c65       r92       -2
    c65       r97       2
    c65       r98       -2
    c65       r99       -1
    c65       r100      1
    MARK0007  'MARKER'                 'INTEND'
RHS
    RHS_V     r0        1
    RHS_V     r2        1
    RHS_V     r3        1
    RHS_V     r4        1
    RHS_V     r6        1
    RHS_V     r7        1
    RHS_V     r9        1
    RHS_V     r10       1
    RHS_V     r12       1
    RHS_V     r35       3.5
    RHS_V     r37       -2.4
    RHS_V     r43       576
    RHS_V     r44       576
    RHS_V     r45       288
    RHS_V     r46       576
    RHS_V     r47       125
    RHS_V     r48       288
    RHS_V     r49       125
    RHS_V     r50       77
    RHS_V     r51       400
    RHS_V     r63       50
    RHS_V     r65       60
    RHS_V     r66       620
    RHS_V     r69       0.0311688311688312
    RHS_V     r87       0.203030303030303
    RHS_V     r91       0.5
    RHS_V     r93       0.25
    RHS_V     r97       0.5
    RHS_V     r98       -0.5
    RHS_V     r99       0.5
    RHS_V     r100      0.25
BOUNDS
 BV BOUND     c0      
 BV BOUND     c1      
 BV BOUND     c2      
 BV BOUND     c3      
 BV BOUND     c4      
 BV BOUND     c5      
 BV BOUND     c6      
 FX BOUND     c10       1
 BV BOUND     c11     
 BV BOUND     c12     
 UP BOUND     c13       1
 UP BOUND     c14       1
 UP BOUND     c15       1
 LO BOUND     c27       0
 UP BOUND     c28       1
 UP BOUND     c29       1
 UP BOUND     c30       1
 UP BOUND     c31       1
 UP BOUND     c32       1
 UP BOUND     c33       1
 UP BOUND     c34       1
 UP BOUND     c35       1
 UP BOUND     c36       1
 UP BOUND     c37       1
 UP BOUND     c38       1
 UP BOUND     c39       1
 UP BOUND     c40       1
 UP BOUND     c41       1
 UP BOUND     c42       1
 UP BOUND     c43       1
 UP BOUND     c44       1
 BV BOUND     c45     
 BV BOUND     c46     
 BV BOUND     c47     
 BV BOUND     c48     
 BV BOUND     c49     
 BV BOUND     c50     
 BV BOUND     c51     
 BV BOUND     c52     
 BV BOUND     c53     
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
ENDATA
