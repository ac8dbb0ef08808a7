namespace Understudy.Evaluation.Diagnosis;

/// <summary>
/// Did a generator learn from images that were to be kept from it? Then whatever learns from its images has seen them too.
/// </summary>
public static class RolesSeen
{
    public const string Detector = "generator-roles";

    private const string Test = "test", Holdout = "holdout";

    /// <param name="name">The generator's, for the message.</param>
    /// <param name="roles">The roles whose images it learned from.</param>
    public static Finding Check(string name, IReadOnlyList<string> roles)
    {
        ArgumentNullException.ThrowIfNull(roles);
        Evidence[] evidence =
            [new("saw-test", roles.Contains(Test) ? 1 : 0), new("saw-holdout", roles.Contains(Holdout) ? 1 : 0)];
        var list = string.Join(", ", roles);
        return roles.Contains(Test)
            ? new(Detector, Severity.Fault,
                $"{name} learned from images with the roles {list}: the test images too. What is trained on its images has seen "
                + "the test through them.",
                evidence, "Train the generator without the role test, and draw its set again.")
            : roles.Contains(Holdout)
            ? new(Detector, Severity.Warning,
                $"{name} learned from images with the roles {list}: holdout images are for what nothing trained has seen, such "
                + "as measures of privacy.",
                evidence, "Train the generator without the role holdout, or give those images another role.")
            : new(Detector, Severity.Fine, $"{name} learned from images with the role {list}, none of the test.", evidence, "");
    }
}
