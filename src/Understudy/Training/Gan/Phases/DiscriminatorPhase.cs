using Understudy.Networks.StyleGan2;
using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>
/// softplus(D(G(z, c), c)) + softplus(−D(x, c)), or of pairs softplus(D(G(z, c), c) − D(x, c)), fakes and reals as two batches;
/// only the discriminator learns.
/// </summary>
internal sealed class DiscriminatorPhase(GanContext gan)
{
    /// <param name="Losses">By name.</param>
    /// <param name="RealSign">Mean sign of the logits of the reals: what the controller steers by.</param>
    /// <param name="Norm">The gradient's.</param>
    public readonly record struct Result((string Name, double Loss)[] Losses, double RealSign, double Norm);

    public Result Run(GanStep at)
    {
        using var scope = NewDisposeScope();
        var n = gan.Networks;
        n.DiscriminatorAdam.ZeroGradient();
        var (fakes, c) = Fakes(at);
        var (reals, labels) = gan.Reals.At(at.Step);
        var realC = gan.Conditioning.Encode(labels);
        var other = gan.Options.MismatchWeight > 0 && realC is not null
            ? gan.Conditioning.Encode(gan.Conditioning.DrawOthers("mismatch", at.Step, labels)) : null;
        var (fake, real) = gan.DiscriminateBoth(fakes, c, reals, realC, other, at);
        var losses = Losses(fake, real, at);
        AddClasses(losses.Select(l => l.Loss).Aggregate((a, b) => a + b), real, realC, at).backward();
        var norm = n.DiscriminatorWeights.CleanGradient();
        n.DiscriminatorAdam.Step();
        gan.Seen("sign/fake", Sign(fake, at));
        var realSign = gan.Seen("sign/real", Sign(real, at));
        return new([.. losses.Select(l => (l.Name, gan.Seen("loss/" + l.Name, l.Loss)))], realSign, norm);
    }

    private (string Name, Tensor Loss)[] Losses(DiscriminatorOutput fake, DiscriminatorOutput real, GanStep at) =>
        gan.Objective.Pairs ? [("discriminator", Objective.Discriminator(fake, real, at.ConditionWeight))]
        : [("discriminator_fake", Objective.Fake(fake, at.ConditionWeight)),
            ("discriminator_real", gan.Objective.Real(real, at.ConditionWeight))];

    /// <summary>
    /// What teaches the classes beside the projection: the class head, and reals under a wrong label, which count as fakes; as
    /// much as the condition does.
    /// </summary>
    private Tensor AddClasses(Tensor loss, DiscriminatorOutput real, Tensor? c, GanStep at)
    {
        var weight = gan.Options.ClassWeight * at.ConditionWeight;
        loss = ClassLoss.AddTo(loss, real.Classes, c, gan, weight, "loss/discriminator_class");
        if (real.Mismatched is not { } mismatched) return loss;
        var mismatch = GanLosses.DiscriminatorFake(mismatched);
        gan.Seen("loss/mismatch", mismatch);
        return loss + mismatch * (gan.Options.MismatchWeight * at.ConditionWeight);
    }

    private (Tensor Images, Tensor? C) Fakes(GanStep at)
    {
        using var off = no_grad();
        return gan.Fakes.Make("d", at.Step, gan.FakeLabels("d", at), track: false);
    }

    private static Tensor Sign(DiscriminatorOutput j, GanStep at) =>
        Objective.Score(j, at.ConditionWeight).detach().sign().mean();
}
