using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// What an expression does to a face, as displacements from rest in half head heights (up is positive): the coarse cues that the
/// Facial Action Coding System's units leave in a drawing of 32 pixels.
/// </summary>
internal sealed record ToyExpression(double BrowInner, double BrowOuter, double Eye, double Curve, double Open, double Width,
    double Wrinkle,
    double LipRaise, double Cheek, double Teeth)
{
    private static readonly ToyExpression[] Full =
    [
        // angry: brows down and together, eyes narrowed, mouth pressed or bared
        new(-.15, .05, -.30, -.08, .03, -.06, .35, 0, 0, .35),
        new(-.07, -.04, -.58, -.13, .07, -.03, 1, .09, .4, .4),     // disgust: nose wrinkled, eyes nearly shut, upper lip raised
        new(.15, .03, .42, -.07, .13, .07, 0, 0, 0, .3),            // fear: inner brows up, eyes wide, mouth stretched open
        new(.01, .02, -.25, .17, .09, .10, 0, 0, 1, .8),            // happy: corners up, cheeks raised
        new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),                          // neutral
        new(.12, -.11, -.30, -.15, 0, -.05, 0, 0, 0, 0),            // sad: inner brows up, outer down, lids heavy, corners down
        new(.17, .16, .55, 0, .24, -.09, 0, 0, 0, 0),               // surprise: brows high, eyes wide, mouth round and open
    ];

    /// <summary>One showing of an expression: scaled by its intensity, and no two alike.</summary>
    public static ToyExpression Show(int expression, double intensity, KeyedRandom r)
    {
        var f = Full[expression];
        double Of(double full, double spread) => full * intensity * (1 + .18 * r.Normal()) + spread * r.Normal();
        return new(Of(f.BrowInner, .016), Of(f.BrowOuter, .016), Of(f.Eye, .08), Of(f.Curve, .020),
            Math.Max(0, Of(f.Open, .012)), Of(f.Width, .015),
            Math.Clamp(Of(f.Wrinkle, .05), 0, 1), Math.Max(0, Of(f.LipRaise, .006)), Math.Clamp(Of(f.Cheek, .05), 0, 1),
                r.Uniform() < f.Teeth ? 1 : 0);
    }
}
