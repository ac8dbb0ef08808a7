using Understudy.Common;

namespace Understudy.Data;

/// <summary>Draws one person with one expression, back to front.</summary>
internal static class ToyPainter
{
    /// <summary>
    /// Pixels of half a head's height, in parts of the image's side, at scale 1: features stay readable at 32 pixels.
    /// </summary>
    private const double HeadUnit = .48;

    public static void Paint(ToyCanvas canvas, ToyFactors f, ToyPerson p, KeyedRandom r)
    {
        var e = ToyExpression.Show(f.Expression, f.Intensity, r);
        var size = canvas.Size;
        canvas.Background(Tone.Grey(r.Uniform(.1, .9)), Tone.Grey(r.Uniform(.1, .9)));
        canvas.Place((.5 + f.Shift.X) * size, (.5 + f.Shift.Y) * size, HeadUnit * size * f.Scale, f.Roll);
        Body(canvas, p, r);
        Head(canvas, p, f.Yaw);
        Nose(canvas, p, e, f.Yaw);
        Mouth(canvas, p, e, f.Yaw);
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            Eye(canvas, p, e, f.Yaw, side, r);
            Brow(canvas, p, e, f.Yaw, side);
        }
        FrontHair(canvas, p, f.Yaw);
        Occlusion(canvas, p, f, r);
    }

    /// <summary>A feature's place when the head turns: nearer the side it turns to, and squeezed.</summary>
    private static double Turn(double u, double yaw, double depth) => u * (1 - .12 * Math.Abs(yaw)) + yaw * depth;

    private static void Body(ToyCanvas c, ToyPerson p, KeyedRandom r)
    {
        if (p.Hair is Hair.Long) c.Ellipse(0, .15, p.Width + .20, 1.22, p.HairTone);
        if (p.Hair is Hair.Bun) c.Ellipse(0, -1.08, .30, .24, p.HairTone);
        c.Ellipse(0, 1.75, 1.15, .62, Tone.Grey(r.Uniform(.1, .9)));
        c.Ellipse(0, 1.05, .32, .42, p.Skin.Times(.72));
    }

    private static Func<float, float, float> Outline(ToyPerson p, double grow)
    {
        float w = (float)(p.Width + grow), jaw = (float)p.Jaw, up = (float)(1 / (.95 + grow)),
            down = (float)(1 / (p.Chin + grow));
        return (u, v) =>
        {
            var x = u / (w * (1 - jaw * Math.Max(0, v) * Math.Max(0, v)));
            var y = v * (v < 0 ? up : down);
            return (MathF.Sqrt(x * x + y * y) - 1) * w;
        };
    }

    private static void Head(ToyCanvas c, ToyPerson p, double yaw)
    {
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
            c.Ellipse(side * p.Width - yaw * .10, .02, p.Ears, .17, p.Skin.Times(.86));
        c.Fill((-1, -1.1, 1, 1.2), Outline(p, .02), p.Skin.Times(.78));
        c.Fill((-1, -1.1, 1, 1.2), Outline(p, -.02), p.Skin);
        if (p.Beard > 0)
        {
            var inside = Outline(p, 0);
            c.Fill((-1, .1, 1, 1.2), (u, v) => Math.Max(inside(u, v), .38f + .5f * u * u - v), p.HairTone, p.Beard);
        }
    }

    private static void Nose(ToyCanvas c, ToyPerson p, ToyExpression e, double yaw)
    {
        var top = p.EyeHeight + .06;
        var tip = p.EyeHeight + p.NoseLength;
        var u = Turn(0, yaw, .20);
        var side = yaw >= 0 ? -1 : 1;
        c.Stroke([(Turn(.05 * side, yaw, .10), top), (u + side * p.NoseWidth * .75, tip)], .02, p.Skin.Times(.72), .8);
        c.Ellipse(u, tip + .01, p.NoseWidth, .05, p.Skin.Times(.80));
        c.Ellipse(u, tip - .03, p.NoseWidth * .7, .05, p.Skin.Times(1.06));
        foreach (var s in (ReadOnlySpan<int>)[-1, 1])
            c.Ellipse(u + s * p.NoseWidth * .55, tip + .025, .030, .020, p.Skin.Times(.35));
        if (e.Wrinkle < .1) return;
        for (int k = 0; k < 3; k++)
        {
            var v = top - .04 + .06 * k;
            c.Stroke([(Turn(-.09, yaw, .13), v + .02), (Turn(0, yaw, .14), v - .02), (Turn(.09, yaw, .13), v + .02)], .014,
                p.Skin.Times(.45), e.Wrinkle);
        }
    }

    private static void Mouth(ToyCanvas c, ToyPerson p, ToyExpression e, double yaw)
    {
        double u0 = Turn(0, yaw, .15), w = Math.Max(.10, p.MouthWidth + e.Width) * (1 - .12 * Math.Abs(yaw));
        var v0 = p.MouthHeight + e.Open * .35 - e.LipRaise * .5;
        var corner = e.Curve + p.MouthRest;
        if (p.Moustache > 0)
            c.Stroke([(u0 - w * .8, v0 - .10), (u0, v0 - .14), (u0 + w * .8, v0 - .10)], .045, p.HairTone, p.Moustache);
        double Middle(double x) => v0 + corner * .5 - corner * x * x - e.LipRaise * Math.Max(0, x) * .6;
        Func<float, float, float> Band(double half, double wide, double lift) => (u, v) =>
        {
            var x = (u - u0) / wide;
            var arch = Math.Max(0, 1 - x * x);
            var d = Math.Abs(v - lift - Middle(Math.Clamp(x, -1, 1))) - half * Math.Sqrt(arch) - .006;
            return (float)Math.Max(d, (Math.Abs(x) - 1) * wide);
        };
        var box = (u0 - w - .15, v0 - .5, u0 + w + .15, v0 + .55);
        var open = e.Open;
        c.Fill(box, Band(open + p.Lips, w * 1.08, 0), p.Skin.Toward(new(.62f, .22f, .22f), .55).Times(.86));
        c.Fill(box, Band(Math.Max(.010, open), w * .96, 0), new(.16f, .05f, .06f));
        if (e.Teeth > 0 && open > .03)
        {
            var gums = Band(open * .92, w * .88, 0);
            c.Fill(box, (u, v) => Math.Max(gums(u, v), (float)(v - Middle((u - u0) / w) + open * .1)), Tone.Grey(.95), .95);
        }
        if (e.Cheek > .1)
        {
            foreach (var s in (ReadOnlySpan<int>)[-1, 1])
                c.Stroke([(u0 + s * (p.NoseWidth + .07), v0 - .26), (u0 + s * (w + .09), v0 - .10),
                    (u0 + s * (w + .09), v0 + .02)], .013, p.Skin.Times(.6), .8 * e.Cheek);
        }
    }

    private static void Eye(ToyCanvas c, ToyPerson p, ToyExpression e, double yaw, int side, KeyedRandom r)
    {
        double u = Turn(side * p.EyeSpacing, yaw, .13), v = p.EyeHeight;
        var a = p.EyeSize * (1 - .12 * Math.Max(0, side * yaw));
        var b = Math.Max(.016, .082 * (1 + e.Eye));
        c.Ellipse(u, v, a * 1.12, b + .035, p.Skin.Times(.78));
        c.Ellipse(u, v, a, b, Tone.Grey(.93));
        var iris = Math.Min(.078, b * 1.35);
        var gaze = .02 * Math.Clamp(r.Normal(), -2, 2);
        c.Fill((u - a, v - b, u + a, v + b), (x, y) =>
        {
            double dx = (x - u) / a, dy = (y - v) / b;
            var inEye = (Math.Sqrt(dx * dx + dy * dy) - 1) * b;
            return (float)Math.Max(inEye, Math.Sqrt((x - u - gaze) * (x - u - gaze) + (y - v) * (y - v)) - iris);
        }, p.Iris.Times(.7));
        c.Ellipse(u + gaze, v, iris * .45, Math.Min(iris * .45, b * .8), Tone.Grey(.04));
        var lid = e.BrowOuter < -.05 ? .03 : 0;   // a sad lid hangs at its outer end
        c.Stroke([(u - side * a, v - b * .15), (u - side * a * .4, v - b), (u + side * a * .4, v - b + lid * .4),
            (u + side * a, v - b * .1 + lid)], .017, p.HairTone.Times(.5), .95);
    }

    private static void Brow(ToyCanvas c, ToyPerson p, ToyExpression e, double yaw, int side)
    {
        var v = p.EyeHeight - .19;
        double inner = v - p.BrowRest - e.BrowInner, outer = v + p.BrowRest - e.BrowOuter + .02;
        var middle = (inner + outer) / 2 - .035;
        c.Stroke([(Turn(side * (p.EyeSpacing - .16), yaw, .14), inner), (Turn(side * (p.EyeSpacing + .02), yaw, .12), middle),
            (Turn(side * (p.EyeSpacing + .19), yaw, .10), outer)], p.BrowWeight, p.HairTone.Times(.75), .95);
    }

    private static void FrontHair(ToyCanvas c, ToyPerson p, double yaw)
    {
        if (p.Hair == Hair.Bald) return;
        var cap = Outline(p, p.Hair == Hair.Short ? .05 : .10);
        float line = (float)p.Hairline, turn = (float)(yaw * .15);
        Func<float, float, float> below = p.Hair switch
        {
            Hair.Fringe => (u, v) => v - line - .13f + .18f * (u - turn) * (u - turn),
            Hair.Parted => (u, v) => v - line - .55f * Math.Abs(u - turn - .18f),
            Hair.Long => (u, v) => v - line - 1.1f * (u - turn) * (u - turn) * MathF.Abs(u - turn) * 2.4f,
            _ => (u, v) => v - line - .45f * (u - turn) * (u - turn),
        };
        c.Fill((-1.1, -1.2, 1.1, .9), (u, v) => Math.Max(cap(u, v), below(u, v)), p.HairTone);
    }

    private static void Occlusion(ToyCanvas c, ToyPerson p, ToyFactors f, KeyedRandom r)
    {
        switch (f.Occlusion)
        {
            case "glasses" or "dark glasses":
                foreach (var side in (ReadOnlySpan<int>)[-1, 1])
                {
                    double u = Turn(side * p.EyeSpacing, f.Yaw, .14), v = p.EyeHeight + .01;
                    if (f.Occlusion == "dark glasses") c.Ellipse(u, v, .22, .16, Tone.Grey(.06), .93);
                    Ring(c, u, v, .22, .16);
                    c.Stroke([(u + side * .22, v - .03), (side * p.Width, v - .06)], .016, Tone.Grey(.1));
                }
                c.Stroke([(Turn(-p.EyeSpacing + .22, f.Yaw, .16), p.EyeHeight),
                    (Turn(p.EyeSpacing - .22, f.Yaw, .16), p.EyeHeight)], .018, Tone.Grey(.1));
                break;
            case "hand":
                var (hu, hv) = (r.Uniform(-.6, .6), r.Uniform(.75, 1.05));
                for (int k = -1; k <= 2; k++)
                {
                    c.Stroke([(hu + .11 * k, hv), (hu + .14 * k, hv - .38 - .05 * (k & 1))], .065,
                        p.Skin.Times(.9 - .05 * (k & 1)));
                }
                c.Ellipse(hu + .05, hv + .12, .30, .24, p.Skin.Times(.86));
                break;
            case "bar":
                var (bu, slope) = (r.Uniform(-.9, .9), r.Uniform(-.5, .5));
                c.Stroke([(bu - slope, -1.5), (bu + slope, 1.5)], r.Uniform(.05, .13), Tone.Grey(r.Uniform(.05, .95)));
                break;
            default:
                break;
        }
    }

    private static void Ring(ToyCanvas c, double u, double v, double a, double b) =>
        c.Fill((u - a - .1, v - b - .1, u + a + .1, v + b + .1), (x, y) =>
        {
            double dx = (x - u) / a, dy = (y - v) / b;
            return (float)(Math.Abs(Math.Sqrt(dx * dx + dy * dy) - 1) * b - .018);
        }, Tone.Grey(.1));
}
